"""A catalogue of an older release is brought up to date before somebody reads it.

Whoever writes to an archive does so anyway (`archive/recovery.py`); this is for those who only
read, and find the archive as the release before left it.
"""

from archive.catalogue.connection import is_of_older_release, open_writer
from archive.errors import ArchiveError, IntegrityError, OlderCatalogue
from archive.folder import ArchiveFolder, locked


def bring_up_to_date(folder: ArchiveFolder, purpose: str) -> bool:
    """Migrate the catalogue where an older release made it; whether it was so.

    purpose  what the lock tells others meanwhile

    Raises:
        OlderCatalogue: another process writes to the archive, or this one may not.
        IntegrityError, LaterCatalogue: the catalogue is broken, or a later release's.
    """
    if not is_of_older_release(folder.catalogue_path):
        return False
    try:
        with locked(folder, purpose):
            open_writer(folder.catalogue_path).close()
    except IntegrityError:
        raise
    except ArchiveError as error:
        raise OlderCatalogue(
            "The catalogue has the schema of an older release and must be brought up to date "
            f"before it is read, which was not possible: {error} Where the archive can be written, "
            "`salname recover` does it."
        ) from error
    return True
