"""Which files make one full export of an accounting base, and whether any part of it is missing.

Nothing in a file says that an export is over. 1C's own module marks the first portion of a full
export as full and all later ones as changes (commerceml.md 1.6); the split module marks every file
as full and says `mode=complete` at the end. So files are put together like this, in the order in
which they were taken:

* files of one session whose client speaks of versions, and files of one archive, belong together;
* a portion of a higher number continues what is open (import0_2 after import0_1), and so does the
  first file of a kind that is not there yet (offers0_1 after import0_1);
* names that count nothing (a guid) belong together as long as they are taken in one go;
* anything else begins a new export.

Whatever looks incomplete is a doubt, and a doubt never deletes: see `doubts_of`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

TINY_SHARE: Final = 0.5  # of the goods of the export before: fewer are not believed
QUIET_S: Final = 60.0  # a sender that can be heard and says no end: silent so long, it is over
_GUID = r"_+[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_COUNTED = re.compile(r"([a-z]+\d+)_(\d+)")  # import0_1
_PLAIN = re.compile(r"([a-z]+)(\d*)")  # import, then import1
_SPLIT = re.compile(rf"([a-z]+(?:_\d+)?)(?:_(\d+))?{_GUID}")  # goods_1_2_<guid>, import___<guid>
# Slices of a split classifier: their empty Каталог says nothing of goods.
_SLICES = ("groups", "units", "storages", "pricelists", "properties", "categories")


@dataclass(frozen=True, slots=True)
class Name:
    """What a file's name tells: its kind, the number of the portion, and whether it is of a split.

    >>> read_name("import0_2.xml")
    Name(kind='import0', number=2, is_split=False)
    """

    kind: str
    number: int | None
    is_split: bool = False


@dataclass(frozen=True, slots=True)
class Portion:
    """A file that was taken, as the journal has it. Of a refused one only its name is known."""

    message_key: int
    turn: int  # the message in whose turn it was taken: its archive's, or its own
    file_name: str
    is_new: bool  # taken since exports were looked at last
    state: str = "closed"
    parent_key: int | None = None  # of a file in an archive
    session_key: int | None = None
    is_split_session: bool = False  # its client says the end of an export
    is_end_said: bool = False
    age_s: float = 0.0  # since it was received
    extent: str | None = None
    catalog_id: str | None = None
    classifier_id: str | None = None
    is_package: bool = False  # a package of offers names a catalog too
    goods: int = 0
    groups: int = 0
    offers: int = 0

    @property
    def name(self) -> Name:
        """What its name tells."""
        return read_name(self.file_name)

    @property
    def tells_all_goods(self) -> bool:
        """Say whether it claims to hold all goods of its catalog, though perhaps none."""
        if self.extent != "full":
            return False
        is_slice = self.name.kind.startswith(_SLICES)
        is_catalog = self.catalog_id is not None and not self.is_package and not is_slice
        return bool(self.goods) or is_catalog

    @property
    def tells_all_groups(self) -> bool:
        """Say whether it holds the tree of a classifier, whole."""
        return self.extent == "full" and bool(self.groups)


@dataclass(slots=True)
class Export:
    """Files that belong together, in the order in which they were taken."""

    files: list[Portion] = field(default_factory=list)

    @property
    def begins(self) -> Portion:
        """Its first file."""
        return self.files[0]

    @property
    def catalogs(self) -> set[str | None]:
        """The catalogs of which it says that it holds all goods."""
        return {file.catalog_id for file in self.files if file.tells_all_goods}

    @property
    def classifiers(self) -> set[str | None]:
        """The classifiers of which it holds the whole tree."""
        return {file.classifier_id for file in self.files if file.tells_all_groups}

    @property
    def is_full(self) -> bool:
        """Say whether it may make anything go at all."""
        return bool(self.catalogs or self.classifiers)

    @property
    def is_split(self) -> bool:
        """Say whether its client is one that says the end."""
        return any(file.is_split_session for file in self.files)

    @property
    def is_end_said(self) -> bool:
        """Say whether the sender said that this was all."""
        return any(file.is_end_said for file in self.files)

    @property
    def may_go_on(self) -> bool:
        """Say whether 1C may only have paused: it is silent while it forms a portion."""
        is_heard = any(file.session_key is not None for file in self.files)
        age_s = min(file.age_s for file in self.files)
        return is_heard and not self.is_split and not self.is_end_said and age_s < QUIET_S

    @property
    def goods(self) -> int:
        """How many goods it holds, refused ones among them."""
        return sum(file.goods for file in self.files)

    @property
    def groups(self) -> int:
        """How many groups it holds."""
        return sum(file.groups for file in self.files)

    @property
    def goods_files(self) -> int:
        """In how many files its goods came."""
        return sum(bool(file.goods) for file in self.files)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the sender's last whole export held."""

    goods_files: int
    goods: int
    groups: int


def read_name(file_name: str) -> Name:
    """Read what a file's name tells of it."""
    stem = PurePosixPath(file_name).stem.lower()
    if found := _COUNTED.fullmatch(stem):
        return Name(found[1], int(found[2]))
    if found := _PLAIN.fullmatch(stem):
        return Name(found[1], int(found[2] or 0) + 1)
    if found := _SPLIT.fullmatch(stem):
        return Name(found[1], int(found[2]) if found[2] else None, is_split=True)
    letters = re.match(r"[^\W\d_]*", stem)
    return Name(letters[0] if letters else "", 1)


def gather(files: Sequence[Portion]) -> list[Export]:
    """Put files, in the order in which they were taken, together to exports of either extent."""
    exports: list[Export] = []
    for file in files:
        if exports and _continues(file, exports[-1]):
            exports[-1].files.append(file)
        else:
            exports.append(Export([file]))
    return exports


def _continues(file: Portion, export: Export) -> bool:
    last, name = export.files[-1], file.name
    if file.is_split_session or last.is_split_session:
        return file.session_key == last.session_key
    if file.parent_key is not None and file.parent_key == last.parent_key:
        return True
    if name.is_split:
        return last.name.is_split and file.is_new and last.is_new
    if name.number != 1:
        return True
    return name.kind not in {one.name.kind for one in export.files}


def doubts_of(export: Export, earlier: Earlier | None) -> list[str]:
    """Return a sentence for each reason to doubt that an export holds all it says it holds."""
    return [*_holes(export), *_shrinkage(export, earlier)]


def _holes(export: Export) -> list[str]:
    doubts = [
        f"{file.file_name} (message {file.message_key}) was refused"
        for file in export.files
        if file.state == "refused"
    ]
    portions: dict[str, set[int]] = {}
    for file in export.files:
        if file.name.number is not None:
            portions.setdefault(file.name.kind, set()).add(file.name.number)
    for kind, numbers in portions.items():
        if missing := sorted(set(range(1, max(numbers) + 1)) - numbers):
            doubts.append(f"of {kind}, portion {', '.join(map(str, missing))} did not come")
    doubts += [
        f"{kind} has {len(numbers)} portions and offers {len(portions[offers])}"
        for kind, numbers in portions.items()
        if kind.startswith("import")
        and (offers := kind.replace("import", "offers")) in portions
        and len(numbers) != len(portions[offers])
    ]
    if any(file.name.is_split for file in export.files) and not export.is_end_said:
        doubts.append("its names do not tell how many files it has, and nobody said its end")
    return doubts


def _shrinkage(export: Export, earlier: Earlier | None) -> list[str]:
    if earlier is None:
        return [
            "the sender sent no whole export before, as far as is known: its files held changes"
        ]
    doubts = []
    if export.catalogs and export.goods < TINY_SHARE * earlier.goods:
        doubts.append(f"it holds {export.goods} goods, the whole export before {earlier.goods}")
    if export.catalogs and export.goods_files < earlier.goods_files:
        doubts.append(
            f"its goods came in {export.goods_files} files, those of the whole export before in "
            f"{earlier.goods_files}"
        )
    if export.classifiers and export.groups < TINY_SHARE * earlier.groups:
        doubts.append(f"it holds {export.groups} groups, the whole export before {earlier.groups}")
    return doubts
