"""Every error that Salnamə raises on purpose, in one tree.

SalnameError                what, where, what to do: one sentence a person can act on
├── WrongUse                the command or an argument is wrong (exit code 2)
│   ├── UnknownSource       no source of that name; says the nearest
│   └── UnreadableQuery     a search asks for what has no meaning
├── ConfigurationError      salname.toml does not say what it may say (exit code 2)
├── SourceError             a source's YAML does not say what it may say (exit code 2)
├── PageError               a page cannot be read; counted, never the end of a crawl
│   └── PageTooCostly       reading it took more than its share of time or memory
└── ArchiveError            the archive cannot do what was asked (exit code 1)
    ├── NotAnArchive        the folder is not an archive (exit code 2)
    ├── ArchiveLocked       another process writes to this archive
    ├── SpoolFull           the disk took only a part of a write; nothing is torn
    ├── TornSegment         a segment ends in the middle of a record
    ├── LaterCatalogue      a later release made the catalogue; this one leaves it as it is
    ├── OlderCatalogue      an older release made the catalogue; whoever writes to it migrates it
    ├── IntegrityError      bytes do not match their digest, or a reference leads nowhere
    └── StoreError          an object store did not do what it was asked
"""


class SalnameError(Exception):
    """The root of the tree; its text is a sentence a person can act on."""


class WrongUse(SalnameError):
    """The command was called in a way that cannot work; nothing was done."""


class UnknownSource(WrongUse):
    """No source has the name that was asked for."""


class UnreadableQuery(WrongUse):
    """A search cannot be read.

    fault   in one word, for who says it in another language: `not_a_day`
    values  what the sentence speaks of
    """

    def __init__(self, sentence: str, *, fault: str, **values: object) -> None:
        super().__init__(sentence)
        self.fault = fault
        self.values = values


class ConfigurationError(SalnameError):
    """The settings file holds an unknown key or a value of the wrong kind."""


class SourceError(SalnameError):
    """A source's YAML file is broken; the text names file, line and field."""


class PageError(SalnameError):
    """A page could not be read; the caller counts it and goes on."""


class PageTooCostly(PageError):
    """Reading the page was given up because it took too much time or memory."""


class ArchiveError(SalnameError):
    """The archive could not do what it was asked to do."""


class NotAnArchive(ArchiveError):
    """The folder holds no archive of ours."""


class ArchiveLocked(ArchiveError):
    """Another process holds the archive's lock; the text says which."""


class SpoolFull(ArchiveError):
    """The disk refused a write; the segment has been cut back to its last whole record."""


class TornSegment(ArchiveError):
    """A segment ends in the middle of a record, or a record does not match its own length."""


class LaterCatalogue(ArchiveError):
    """A later release made the catalogue: it is not broken, and must not be made anew unasked."""


class OlderCatalogue(ArchiveError):
    """An older release made the catalogue: it is not broken; the next writer brings it up to date."""


class IntegrityError(ArchiveError):
    """Bytes do not match their digest, or something in the catalogue leads nowhere."""


class StoreError(ArchiveError):
    """An object store refused, failed, or gave back other bytes than it was given."""
