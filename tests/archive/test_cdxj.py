"""The index beside a sealed segment leads an independent reader to every capture."""

import json
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.cdxj import surt_of
from archive.disk import sync_folder
from archive.seals import find_seal_sha256, read_digests, seal_of, sha256_of_file
from tests.archive.histories import Visitor, article, new_archive

# What the Internet Archive's surt 0.3.1 gives for the same addresses.
SURT_OF = {
    "https://www.Numune.example/Xeber/?b=2&a=1#son": "example,numune)/xeber?a=1&b=2",
    "http://numune.example": "example,numune)/",
    "http://www2.numune.example:8080/a//b/": "example,numune:8080)/a/b",
    "https://numune.example:443/?": "example,numune)/",
    "https://numune.example/x%C9%99b%C9%99r": "example,numune)/x%c9%99b%c9%99r",
    "https://numune.example/a?q=1&PHPSESSID=0123456789abcdef0123456789abcdef": (
        "example,numune)/a?&q=1"
    ),
}


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    visitor = Visitor(new_archive(tmp_path))
    visitor.start_run()
    visitor.see(article(2))
    visitor.see(article(1))
    visitor.see(article(1))
    visitor.see_unchanged(article(1).url)
    visitor.see_photo(1)
    visitor.store.close(seal_from_bytes=0)
    visitor.catalogue.db.close()
    return next(visitor.folder.segments_path.glob("*.warc.gz"))


@pytest.mark.parametrize("url", SURT_OF)
def test_an_address_has_the_key_that_other_tools_give_it(url: str) -> None:
    assert surt_of(url) == SURT_OF[url]


def test_each_line_leads_warcio_to_the_record_that_it_speaks_of(sealed: Path) -> None:
    lines = seal_of(sealed).index_path.read_text(encoding="utf-8").splitlines()
    told = [json.loads(line.split(" ", 2)[2]) for line in lines]

    found = [_record_at(sealed.parent / each["filename"], int(each["offset"])) for each in told]

    assert lines == sorted(lines)
    assert [each["url"] for each in told] == [url for url, _, _ in found]
    assert [each["digest"] for each in told] == [digest for _, digest, _ in found]
    assert sorted(each["mime"] for each in told) == ["text/html"] * 3 + ["warc/revisit"] * 2
    assert {each["status"] for each in told} == {"200", "304"}


def test_the_digests_beside_a_segment_are_those_of_its_files(sealed: Path) -> None:
    seal = seal_of(sealed)

    assert read_digests(seal.digests_path.read_text(encoding="utf-8")) == {
        path.name: sha256_of_file(path) for path in (seal.path, seal.index_path)
    }
    assert find_seal_sha256(sealed) == seal.sha256


def test_a_kill_between_index_and_digests_is_made_good(sealed: Path) -> None:
    first = seal_of(sealed)
    index = first.index_path.read_bytes()
    first.digests_path.unlink()
    first.index_path.write_bytes(index[:10])
    sync_folder(sealed.parent)

    assert find_seal_sha256(sealed) is None
    assert seal_of(sealed) == first
    assert first.index_path.read_bytes() == index


def _record_at(path: Path, offset: int) -> tuple[str, str, str]:
    with path.open("rb") as file:
        file.seek(offset)
        record = next(iter(ArchiveIterator(file)))
        headers = record.rec_headers
        return (
            headers.get_header("WARC-Target-URI"),
            headers.get_header("WARC-Payload-Digest"),
            record.rec_type,
        )
