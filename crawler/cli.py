"""The `salname` command: puts everything together, prints sentences, sets exit codes.

Exit codes: 0 success, 1 the job failed, 2 wrong use, 3 the job was done in part.
"""

import io
import sys
from typing import Any

import click
from typing_extensions import override

from archive.errors import (
    ConfigurationError,
    NotAnArchive,
    SalnameError,
    SourceError,
    WrongUse,
)
from crawler import __version__
from crawler.commands.asking import diff, search, show, versions
from crawler.commands.correcting import articles, reextract
from crawler.commands.explaining import why_not
from crawler.commands.exporting import export
from crawler.commands.going import crawl, init
from crawler.commands.keeping import rebuild, recover, serve, verify
from crawler.commands.picturing import photos
from crawler.commands.reading import extract, read
from crawler.commands.sourcing import sources
from crawler.commands.standing import status
from crawler.commands.storing import doctor, import_warcs, objects
from crawler.commands.telling import stories, why
from crawler.log_lines import log_to_stderr

_WRONG_USE = (WrongUse, ConfigurationError, SourceError, NotAnArchive)


class _Salname(click.Group):
    """The group of commands; turns our errors into their sentence and exit code."""

    @override
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SalnameError as error:
            click.echo(f"salname: {error}", err=True)
            ctx.exit(2 if isinstance(error, _WRONG_USE) else 1)
        except BrokenPipeError:
            sys.stderr.close()  # nobody reads what we print any more
            ctx.exit(0)
        except OSError as error:
            click.echo(f"salname: {_sentence_of(error)}", err=True)
            sys.stderr.close()  # or Python tells of its last flush once more
            ctx.exit(1)

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order in which they are needed, not of the alphabet


def _sentence_of(error: OSError) -> str:
    """What the system refused; without a file it was standard output."""
    where = error.filename or "Standard output"
    return f"{where} cannot be read or written: {error.strerror or error}."


@click.group(cls=_Salname, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="salname")
def main() -> None:
    """Crawl, keep and prove Azerbaijan's press and government web.

    Begin with an archive of your own:

    \b
      salname init my-archive
      salname crawl --archive my-archive fins.az azertag.az
      salname search --archive my-archive "asan xidmət"

    Every command takes --archive DIR; without it, SALNAME_ARCHIVE or ./archive-data is used.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):  # its encoding may not know ə
        sys.stdout.reconfigure(errors="replace")
    log_to_stderr()


for _command in (
    init,
    sources,
    crawl,
    search,
    show,
    versions,
    diff,
    why,
    photos,
    export,
    status,
    why_not,
    verify,
    doctor,
    recover,
    rebuild,
    reextract,
    articles,
    objects,
    import_warcs,
    serve,
    extract,
    read,
    stories,
):
    main.add_command(_command)


if __name__ == "__main__":
    main()
