"""The closed list of causes for which a record or a file does not get in.

A cause is a code (stable, grouped on, replayed by), an English sentence for the engineer and a
Russian one for the accountant. The sentences are templates over the fault's own values:
`place` (path of the element or column), `value` (the text found there), `expected`.
"""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Wording:
    """What a cause says in English (for engineers) and in Russian (for accountants)."""

    english: str
    russian: str


class Cause(Enum):
    """Why something was refused. The name is the code stored in `journal.refusal.cause`."""

    # The whole file: nothing of it is taken, the old data stay.
    XML_NOT_WELL_FORMED = Wording(
        "the file is cut, concatenated or not well-formed at {place}: {value}",
        "файл обрезан или повреждён ({place}): {value}; выгрузите его заново",
    )
    XML_DOCTYPE = Wording(
        "the file declares a DOCTYPE at {place}; none is ever accepted",
        "файл содержит объявление DOCTYPE, такие файлы не принимаются",
    )
    XML_LIMIT = Wording(
        "the file passes a limit at {place}: {value}, allowed {expected}",
        "превышен предел ({place}): {value}, допустимо {expected}",
    )
    FILE_TOO_LARGE = Wording(
        "the file has {value} bytes, allowed {expected}",
        "файл слишком велик: {value} байт, допустимо {expected}",
    )
    FILE_EMPTY = Wording("the file is empty", "файл пуст")
    ENCODING_MISMATCH = Wording(
        "the bytes at {place} are not {expected}: {value}",
        "кодировка файла не {expected} ({place}): {value}",
    )
    MOJIBAKE = Wording(
        "the text at {place} was encoded twice: {value}",
        "текст испорчен двойной перекодировкой ({place}): {value}",
    )
    DIALECT_UNKNOWN = Wording(
        "not a file of a dialect we read: {value}", "формат файла не распознан: {value}"
    )
    VERSION_UNKNOWN = Wording(
        "version {value} of the format is not known, we read {expected}",
        "версия формата {value} не поддерживается, принимаются {expected}",
    )
    FIELD_MISSING = Wording("{place} is missing", "не заполнено обязательное поле «{place}»")
    ZIP_PATH = Wording(
        "the archive member {value} has a name that is not allowed",
        "в архиве недопустимое имя файла: {value}",
    )
    ZIP_RATIO = Wording(
        "the archive unpacks to more than is allowed at {place}: {value}",
        "архив распаковывается больше допустимого ({place}): {value}",
    )
    ZIP_BROKEN = Wording("the archive is broken: {value}", "архив повреждён: {value}")
    CHUNK_GAP = Wording(
        "a chunk of the upload is missing at {place}: {value}",
        "часть файла не получена ({place}): {value}; выгрузите его заново",
    )
    FILENAME = Wording("the file name {value} is not allowed", "недопустимое имя файла: {value}")
    # One record: the rest of the file goes on.
    FIELD_UNKNOWN = Wording(
        "the field {place} is not known, its text is {value}",
        "неизвестное поле «{place}» со значением «{value}»",
    )
    FIELD_REPEATED = Wording(
        "the field {place} stands twice in one record", "поле «{place}» повторено в одной записи"
    )
    FIELD_TOO_LONG = Wording(
        "{place} has {value} characters, allowed {expected}",
        "поле «{place}» длиннее допустимого: {value}, допустимо {expected}",
    )
    CTRL_CHAR = Wording(
        "{place} holds a control character: {value}",
        "в поле «{place}» недопустимый управляющий символ: {value}",
    )
    NUM_FORMAT = Wording("{place} is not a number: {value}", "в поле «{place}» не число: «{value}»")
    NUM_RANGE = Wording(
        "{place} is out of range: {value}, expected {expected}",
        "значение поля «{place}» недопустимо: {value} (ожидается {expected})",
    )
    NUM_AMBIGUOUS = Wording(
        "{place} can be read in two ways: {value}",
        "число в поле «{place}» читается двояко: «{value}»",
    )
    DATE_FORMAT = Wording("{place} is not a date: {value}", "в поле «{place}» не дата: «{value}»")
    BOOL_FORMAT = Wording(
        "{place} is neither true nor false: {value}",
        "в поле «{place}» не «да» и не «нет»: «{value}»",
    )
    DUP_CONFLICT = Wording(
        "the key {value} stands more than once with different content; none of them was taken",
        "Ид «{value}» встречается несколько раз с разным содержанием",
    )
    PART_NUMBER_TAKEN = Wording(
        "the part number {value} is already that of {expected}",
        "партномер «{value}» уже занят товаром {expected}",
    )
    REF_MISSING = Wording(
        "{place} refers to {value}, which is not known",
        "поле «{place}» ссылается на «{value}», а такой записи нет",
    )
    TREE_CYCLE = Wording(
        "the group {value} is its own ancestor", "группа «{value}» вложена сама в себя"
    )
    STOCK_NEGATIVE = Wording(
        "the quantity at {place} is negative: {value}", "отрицательный остаток ({place}): {value}"
    )
    DATASET_NOT_TAKEN = Wording(
        "this exchange does not take {value}", "записи «{place}» этот обмен не принимает"
    )
    RULE_BROKEN = Wording(
        "{place} breaks the rule {expected}: {value}",
        "нарушено правило «{expected}» ({place}): {value}",
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """One refusal before it is written: cause, place and value.

    `place` is a path as the sender writes it (`Товар/Группы/Ид`, a column name); `value` is the
    text found there, cut to 200 characters.
    """

    cause: Cause
    place: str = ""
    value: str = ""
    expected: str = ""

    @property
    def sentence(self) -> str:
        """The cause in English with this fault's values."""
        return self._say(self.cause.value.english)

    @property
    def sentence_ru(self) -> str:
        """The cause in Russian with this fault's values."""
        return self._say(self.cause.value.russian)

    def _say(self, template: str) -> str:
        return template.format(place=self.place, value=self.value[:200], expected=self.expected)


class FileFaultError(Exception):
    """A whole file cannot be read; nothing of it may be taken."""

    def __init__(self, fault: Fault, byte_offset: int = 0) -> None:
        """Keep the fault and the byte of the file at which it was met."""
        super().__init__(fault.sentence)
        self.fault = fault
        self.byte_offset = byte_offset


# A cause as a heading for the accountant, where no single record is meant.
TITLES_RU: dict[str, str] = {
    "XML_NOT_WELL_FORMED": "Файл обрезан или повреждён",
    "XML_DOCTYPE": "Файл содержит DOCTYPE",
    "XML_LIMIT": "Превышен предел разбора",
    "FILE_TOO_LARGE": "Файл слишком велик",
    "FILE_EMPTY": "Файл пуст",
    "ENCODING_MISMATCH": "Кодировка не та, что заявлена",
    "MOJIBAKE": "Текст испорчен перекодировкой",
    "DIALECT_UNKNOWN": "Формат не распознан",
    "VERSION_UNKNOWN": "Версия формата не поддерживается",
    "FIELD_MISSING": "Не заполнено обязательное поле",
    "ZIP_PATH": "Недопустимое имя в архиве",
    "ZIP_RATIO": "Архив распаковывается слишком сильно",
    "ZIP_BROKEN": "Архив повреждён",
    "CHUNK_GAP": "Не получена часть файла",
    "FILENAME": "Недопустимое имя файла",
    "FIELD_UNKNOWN": "Неизвестное поле",
    "FIELD_REPEATED": "Поле повторено",
    "FIELD_TOO_LONG": "Поле слишком длинное",
    "CTRL_CHAR": "Управляющий символ в тексте",
    "NUM_FORMAT": "Не число",
    "NUM_RANGE": "Недопустимое значение числа",
    "NUM_AMBIGUOUS": "Число читается двояко",
    "DATE_FORMAT": "Не дата",
    "BOOL_FORMAT": "Не «да» и не «нет»",
    "DUP_CONFLICT": "Один Ид у разных записей",
    "PART_NUMBER_TAKEN": "Партномер занят другим товаром",
    "REF_MISSING": "Ссылка на запись, которой нет",
    "TREE_CYCLE": "Группа вложена сама в себя",
    "STOCK_NEGATIVE": "Отрицательный остаток",
    "DATASET_NOT_TAKEN": "Такие записи этот обмен не принимает",
    "RULE_BROKEN": "Нарушено правило",
}
