"""Dates as the press prints them, read against a made-up moment of capture."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.article import Precision
from pipelines.dates import find_date_in_url, read_date, resolve_year, unix_time_in_name

BAKU = timezone(timedelta(hours=4))
SEEN = datetime(2025, 3, 10, 12, 0, tzinfo=BAKU)


@pytest.mark.parametrize(
    ("printed", "at"),
    [
        ("3 Mart", "2025-03-03"),
        ("25 dekabr", "2024-12-25"),
        ("11 mart", "2025-03-11"),  # one day ahead: the page's clock
        ("12 mart", "2024-03-12"),
        ("29 fevral", "2024-02-29"),
        ("30\u00a0İyun", "2024-06-30"),
        ("30 IYUN", "2024-06-30"),
        ("5 i\u0307yul, 09:15", "2024-07-05T09:15:00+04:00"),
        ("martın 8-də", "2025-03-08"),
        ("sentyabrın 14-dən", "2024-09-14"),
        ("11:45", "2025-03-10T11:45:00+04:00"),
        ("12:01", "2025-03-09T12:01:00+04:00"),  # would lie ahead
        ("Saat: 09:30", "2025-03-10T09:30:00+04:00"),
        ("07:20, Bu gün", "2025-03-10T07:20:00+04:00"),
        ("DÜNƏN / 22:30", "2025-03-09T22:30:00+04:00"),
        ("Srağagün", "2025-03-08"),
        ("3 saat əvvəl", "2025-03-10T09:00:00+04:00"),
        ("2 gün öncə, 14:00", "2025-03-08T14:00:00+04:00"),
        ("5 dəq. əvvəl", "2025-03-10T11:55:00+04:00"),
        ("07.02.2025-ci il", "2025-02-07"),
        ("час назад", "2025-03-10T11:00:00+04:00"),
        ("Вчера в 22:30", "2025-03-09T22:30:00+04:00"),
        ("4 dekabr 2024-cü il", "2024-12-04"),
        ("2024-cü il dekabrın 4-də", "2024-12-04"),
        ("Çərşənbə axşamı, 4 mart 2025", "2025-03-04"),
        ("B.e., 3 mart 2025", "2025-03-03"),
        ("17 noy, 2024 / 19:44", "2024-11-17T19:44:00+04:00"),
        ("1 iyul 2015 10:00", "2015-07-01T10:00:00+05:00"),  # the last summer time
        ("1 iyul 2016 10:00", "2016-07-01T10:00:00+04:00"),
        ("07.02.2025 [19:22]", "2025-02-07T19:22:00+04:00"),
        ("Tarix:7-2-2025, 18:01 | Bölmə: İqtisadiyyat", "2025-02-07T18:01:00+04:00"),
        ("2025.02.07 / 10:18", "2025-02-07T10:18:00+04:00"),
        ("07.02.25, 10:18", "2025-02-07T10:18:00+04:00"),
        ("2/7/2025 12:59:28 PM3", "2025-02-07T12:59:28+04:00"),  # a counter is glued on
        ("7 fevral 2025 10:51 (UTC +04:00)", "2025-02-07T10:51:00+04:00"),
        ("7 Fevral 2025    Oxunub:1782", "2025-02-07"),
        ("Əlavə olunub: 7 fevral 2025, 10:05", "2025-02-07T10:05:00+04:00"),
        ("7 fevral 2025 | Yenilənib: 8 fevral 2025", "2025-02-07"),
        ("7 февраля 2025 г. в 10:00", "2025-02-07T10:00:00+04:00"),
        ("Feb. 7, 2025 at 6:28 PM", "2025-02-07T18:28:00+04:00"),
        ("7 Şubat 2025", "2025-02-07"),
        ("2025-02-07T20:12:45Z", "2025-02-08T00:12:45+04:00"),
        ("Fri, 07 Feb 2025 20:12:45 GMT", "2025-02-08T00:12:45+04:00"),
        (
            "Fri Feb 07 2025 15:01:00 GMT+0400 (Azerbaijan Standard Time)",
            "2025-02-07T15:01:00+04:00",
        ),
        ("12. Dezember 2023", "2023-12-12"),
    ],
)
def test_a_printed_date_is_read_as_its_reader_means_it(printed: str, at: str) -> None:
    moment = read_date(printed, seen=SEEN)

    assert moment is not None
    assert (moment.at, moment.printed) == (at, printed)


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "28 May küçəsi",
        "8 Noyabr – Zəfər Günü",
        "30 fevral",
        "31.04.2024",
        "10.14.2024",
        "24:10",
        "Fevral 2024",
        "3 həftə sonra",
        "sabah 09:00",
        "bir neçə saat əvvəl",
        "2 ay əvvəl",
        "10-12 fevral 2025",
        "2024-2025",
        "012 404-12-12",
        "00.00.0000",
        "01.01.1970",
        "31.12.2099",
        "Bazar günü",
        "Görüş 7 fevral 2025",
        "Invalid Date",
    ],
)
def test_what_names_no_day_for_certain_gives_none(printed: str) -> None:
    assert read_date(printed, seen=SEEN) is None


@pytest.mark.parametrize(
    ("printed", "precision", "how"),
    [
        ("3 Mart", Precision.DAY, "year-less"),
        ("11:45", Precision.MINUTE, "time-only"),
        ("3 saat əvvəl", Precision.HOUR, "relative"),
        ("7 fevral 2025", Precision.DAY, "full"),
        ("2025-02-07T20:12:45Z", Precision.SECOND, "machine"),
        ("12. Dezember 2023", Precision.DAY, "dateparser"),
    ],
)
def test_a_moment_says_how_exact_it_is_and_how_it_was_resolved(
    printed: str, precision: Precision, how: str
) -> None:
    moment = read_date(printed, seen=SEEN)

    assert moment is not None
    assert (moment.precision, moment.how) == (precision, how)


def test_the_day_of_the_capture_is_the_one_of_the_site_not_of_utc() -> None:
    late = datetime(2025, 3, 9, 20, 30, tzinfo=UTC)  # already the 10th in Baku

    assert read_date("Bu gün", seen=late) == read_date("Bu gün", seen=SEEN)


def test_a_photo_uploaded_in_the_days_before_decides_the_year() -> None:
    by_photo = read_date("20 Aprel", seen=SEEN, photo_on=date(2022, 4, 19))
    by_stock_photo = read_date("20 Aprel", seen=SEEN, photo_on=date(2019, 1, 5))

    assert by_photo is not None
    assert by_photo.at == "2022-04-20"
    assert by_stock_photo == read_date("20 Aprel", seen=SEEN)


def test_a_day_that_no_year_has_resolves_to_none() -> None:
    assert resolve_year(31, 4, seen=date(2025, 3, 10)) is None


@pytest.mark.parametrize(
    ("url", "at"),
    [
        ("https://gundem.example/2025/02/07/yeni-korpu", "2025-02-07"),
        ("https://gundem.example/xeber/2025-02-07-yeni-korpu", "2025-02-07"),
        ("https://gundem.example/xeber/2025-02/07/yeni-korpu.htm", "2025-02-07"),
        ("https://gundem.example/20250207/yeni-korpu-4711.html", "2025-02-07"),
        (
            "https://gundem.example/az/news/20250207180000123-Yeni-korpu",
            "2025-02-07T18:00:00+04:00",
        ),
        ("https://gundem.example/xeber/20251399", None),
        ("https://gundem.example/xeber/yeni-korpu-471120", None),
    ],
)
def test_an_address_states_its_day_or_nothing(url: str, at: str | None) -> None:
    moment = find_date_in_url(url)

    assert (moment.at if moment else None) == at


def test_a_unix_time_in_an_image_name_is_its_moment_of_upload() -> None:
    uploaded_at = unix_time_in_name("//gundem.example/file/1738900000_korpu.jpg", seen=SEEN)

    assert uploaded_at == datetime(2025, 2, 7, 3, 46, 40, tzinfo=UTC)
    assert unix_time_in_name("//gundem.example/file/1999999999_korpu.jpg", seen=SEEN) is None
    assert unix_time_in_name("//gundem.example/file/korpu-17389.jpg", seen=SEEN) is None


@given(st.dates(date(1995, 1, 1), date(2025, 3, 10)))
def test_a_day_that_is_printed_in_full_reads_back(day: date) -> None:
    months = [
        "yanvar",
        "fevral",
        "mart",
        "aprel",
        "may",
        "iyun",
        "iyul",
        "avqust",
        "sentyabr",
        "oktyabr",
        "noyabr",
        "dekabr",
    ]

    moment = read_date(f"{day.day} {months[day.month - 1].capitalize()}, {day.year}", seen=SEEN)

    assert moment is not None
    assert moment.at == day.isoformat()


@given(st.text(alphabet="0123456789 .,:/-|()əıİ\u0307gündavrlfe\u00a0PMTZ+", max_size=40))
def test_any_text_gives_a_date_or_none_and_never_one_after_next_year(printed: str) -> None:
    moment = read_date(printed, seen=SEEN)

    assert moment is None or "1971" <= moment.at[:4] <= "2026"
