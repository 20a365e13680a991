"""Tables of a catalog -> the files of one CommerceML package, in the order they must be sent.

2.x is `import.xml` and `offers.xml`; 3.1 is a set of files, one for each kind of record. The same
tables and terms always give the same bytes: there is no clock and no chance here. Nothing is
lost silently: what a version cannot say is listed in `writing_unsaid`, and `fit_batch` gives the
rows as they were said, for whoever reads the files back.
"""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from tasks.formats.commerceml.writing_fit import fit_batch
from tasks.formats.commerceml.writing_pair import write_pair
from tasks.formats.commerceml.writing_renames import check_renames
from tasks.formats.commerceml.writing_split import write_split
from tasks.formats.commerceml.writing_terms import WritingError, WritingTerms
from tasks.model.datasets import Dataset

__all__ = ["WritingError", "WritingTerms", "fit_batch", "write_package"]


def write_package(
    tables: Mapping[Dataset, pa.Table], terms: WritingTerms, folder: Path
) -> list[Path]:
    """Write the files of one package into `folder` and give them in the order of sending.

    `tables` have the columns of `SCHEMAS[dataset]` without PLACE (one that is not there is null),
    sorted by the code points of their key: offers by id, prices and stock by offer_id. They may
    be memory-mapped: some thousand rows are looked at in one go. A dataset without a table, and a
    file without a record, is not written. A deleted row has `is_deleted`.

    Raises:
        WritingError: the terms, a row or an override cannot be written; no file is left behind.
    """
    check_renames(terms.renames)
    write = write_split if terms.is_split else write_pair
    written: list[Path] = []
    try:
        for path in write(tables, terms, folder):
            written += [path]
    except BaseException:
        for path in written:
            path.unlink()  # a part of a package must not be sent
        raise
    return written
