"""Several stores that each hold every sealed segment: read from any, list from all.

Where one is away, another gives the bytes, and is asked first from then on, since one that is away
is waited for. A list needs every store's answer: what only the store that is away has would else
seem never to have been.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from archive.errors import StoreError
from archive.objects import Abilities, ObjectStore, StoredObject

_Answer = TypeVar("_Answer")


class Copies:
    """Stores of one archive, in the order of its settings, as one store."""

    def __init__(self, stores: tuple[ObjectStore, ...]) -> None:
        """Nothing is sent yet; there is at least one store."""
        self.stores = stores
        self._to_read = stores  # in the order in which they are asked

    @property
    def place(self) -> str:
        """All places, for a sentence."""
        return " and ".join(each.place for each in self.stores)

    def put(self, name: str, path: Path, sha256: str) -> None:
        """Store a file in each store that answers; an error where one did not take it."""
        failures = []
        for each in self.stores:
            try:
                each.put(name, path, sha256)
            except StoreError as error:
                failures.append(error)
        if failures:
            raise failures[0]

    def open_range(self, name: str, offset: int, length: int) -> bytes:
        """Exactly these bytes, from the first store that gives them."""
        return self._first(lambda each: each.open_range(name, offset, length))

    def find_size(self, name: str) -> int | None:
        """The object's length in the first store that has it; None where all say they have not."""
        failure: StoreError | None = None
        for each in self._to_read:
            try:
                if (size_bytes := each.find_size(name)) is not None:
                    return size_bytes
            except StoreError as error:
                failure = failure or error
                self._ask_last(each)
        if failure:
            raise failure
        return None

    def list_objects(self, prefix: str = "") -> Iterator[StoredObject]:
        """The objects of all stores, each name once, sorted by name."""
        held: dict[str, StoredObject] = {}
        for store in self.stores:
            for each in store.list_objects(prefix):
                held.setdefault(each.name, each)
        yield from (held[name] for name in sorted(held))

    def set_aside(self, name: str) -> str:
        """Give an object another name in every store that has it."""
        having = [each for each in self.stores if each.find_size(name) is not None]
        return " and ".join([each.set_aside(name) for each in having])

    def abilities(self) -> Abilities:
        """What every one of them can do."""
        told = [each.abilities() for each in self.stores]
        return Abilities(
            refuses_overwriting=all(each.refuses_overwriting for each in told),
            keeps_versions=all(each.keeps_versions for each in told),
            locks_objects=all(each.locks_objects for each in told),
        )

    def _first(self, ask: Callable[[ObjectStore], _Answer]) -> _Answer:
        failure: StoreError | None = None
        for each in self._to_read:
            try:
                return ask(each)
            except StoreError as error:
                failure = failure or error
                self._ask_last(each)
        assert failure is not None
        raise failure

    def _ask_last(self, store: ObjectStore) -> None:
        self._to_read = (*(each for each in self._to_read if each is not store), store)


def stores_in(store: ObjectStore) -> tuple[ObjectStore, ...]:
    """The stores that a store is made of: itself, or each of several."""
    return store.stores if isinstance(store, Copies) else (store,)
