"""The reasons why a file could not be exported or imported."""

from django.utils.translation import gettext_lazy as _

from offorte_portal.runs.reasons import ReasonCode, register


@register
class ExportReason(ReasonCode):
    """Why an export has no file."""

    NOT_WRITTEN = "files.export.not_written", _("The file could not be written.")
    STOPPED = "files.export.stopped", _("The worker stopped every time while it wrote this file.")
    NOT_ALLOWED = "files.export.not_allowed", _("Whoever asked for it may not see this list any more.")


@register
class ImportReason(ReasonCode):
    """Why a file or a row of it can't be imported, and what a person should check."""

    NOT_TEXT = (
        "files.import.not_text",
        _("This is no table that the portal can read. Save it as Excel workbook (.xlsx) or as CSV UTF-8."),
    )
    WINDOWS_1252 = (
        "files.import.windows_1252",
        _("The file was read as Windows-1252. See whether letters such as é and € are right."),
    )
    GARBLED = (
        "files.import.garbled",
        _("Some letters look wrong, as in “%(text)s”. Save the file as CSV UTF-8 if they are."),
    )
    OPEN_QUOTE = (
        "files.import.open_quote",
        _("Row %(number)s has a quotation mark that is never closed, or that should be written twice."),
    )
    LINE_TOO_LONG = "files.import.line_too_long", _("Line %(number)s of the file is too long to be a row of a table.")
    CELL_TOO_LONG = "files.import.cell_too_long", _("Row %(number)s has a cell that is too long.")
    SAME_NAME = "files.import.same_name", _("same name")
    MISSING = "files.import.missing", _("%(field)s is missing.")
    SAME_AS_ROW = "files.import.same_as_row", _("Row %(number)s is about the same: %(what)s.")
    SAME_ID = "files.import.same_id", _("same Offorte ID")
    SAME_VAT = "files.import.same_vat", _("same VAT number")
    SAME_CHAMBER = "files.import.same_chamber", _("same chamber of commerce number")
    SAME_EMAIL = "files.import.same_email", _("same e-mail address")
    SAME_ELSEWHERE = "files.import.same_elsewhere", _("same e-mail address or name elsewhere")
    SAME_SKU = "files.import.same_sku", _("same SKU")
    SAME_DOMAIN = "files.import.same_domain", _("same domain")
    SAME_SPELLING = "files.import.same_spelling", _("name that is spelled alike")
    NO_SUCH_ID = "files.import.no_such_id", _("Offorte has no such thing with the ID %(id)s in this account.")
    MAY_BE = "files.import.may_be", _("May be “%(name)s”, which is in Offorte: %(what)s.")
    IS_IN_OFFORTE = "files.import.is_in_offorte", _("Is in Offorte as “%(name)s”.")
    SEVERAL_HAVE = (
        "files.import.several_have",
        _("Several in Offorte have the %(what)s: %(names)s. Add a column with the Offorte ID."),
    )
    FILE_EMPTY = "files.import.file_empty", _("The file is empty.")
    NO_ROWS = "files.import.no_rows", _("There are no rows below the names of the columns.")
    NO_HEADER = (
        "files.import.no_header",
        _(
            "Row %(number)s holds values where the names of the columns should be. Put a row with names above the "
            "others."
        ),
    )
    HEADER_FOUND = (
        "files.import.header_found",
        _("The names of the columns were found in row %(number)s; what is above it is left out."),
    )
    COLUMNS_NAMELESS = "files.import.columns_nameless", _("These columns have no name in the file: %(names)s.")
    COLUMNS_ALIKE = (
        "files.import.columns_alike",
        _("Columns %(first)s and %(second)s are both called “%(name)s”: the second has a number here."),
    )
    PERSONS_COMPANY_UNKNOWN = "files.import.persons_company_unknown", _("Which company this person is at is not known.")
    PERSON_ELSEWHERE = (
        "files.import.person_elsewhere",
        _("In Offorte, this person is at another company. An import can't move people."),
    )
    NO_COMPANY = (
        "files.import.no_company",
        _("Offorte has no company “%(name)s”. Choose on this page which company it is, or create it."),
    )
    COMPANY_TAKEN = "files.import.company_taken", _("“%(name)s” is taken to be “%(theirs)s” in Offorte.")
    COMPANY_CREATED = "files.import.company_created", _("The company “%(name)s” is created first.")
    SEVERAL_COMPANIES = (
        "files.import.several_companies",
        _("Offorte has several companies “%(name)s”. Write the company's Offorte ID instead."),
    )
    SEVERAL_CALLED = "files.import.several_called", _("Offorte has several that are called “%(name)s”.")
    NO_DIRECTORY = "files.import.no_directory", _("Offorte has no directory “%(name)s”. Make it there first.")
    NO_VAT_GROUP = "files.import.no_vat_group", _("Offorte has no VAT group “%(name)s”.")
    TABLE_TOO_LARGE = (
        "files.import.table_too_large",
        _("The table is too large. Split it, or leave out columns that are not needed."),
    )
    TOO_SLOW = (
        "files.import.too_slow",
        _("Reading this file takes too long: it holds more than its table. Save only the table, as CSV UTF-8."),
    )
    NO_WORKBOOK = (
        "files.import.no_workbook",
        _("This is no Excel workbook, or it is damaged. Save it anew as .xlsx, or as CSV UTF-8."),
    )
    WORKBOOK_TOO_LARGE = (
        "files.import.workbook_too_large",
        _("The workbook is too large when it is unpacked. Save only the table that is needed."),
    )
    OLD_WORKBOOK = (
        "files.import.old_workbook",
        _("This is an Excel file of the old kind (.xls). Save it as Excel workbook (.xlsx)."),
    )
    WORKBOOK_PROTECTED = (
        "files.import.workbook_protected",
        _("The workbook is protected with a password. Save it without one."),
    )
    ONE_LINE = "files.import.one_line", _("This takes one line only.")
    NO_DATE = "files.import.no_date", _("“%(text)s” is no date. Write it like 31-12-2026.")
    FORMULA = "files.import.formula", _("“%(text)s” is a formula, not its result.")
    TOO_LONG = "files.import.too_long", _("This takes at most %(most)s characters.")
    NOT_YES_NO = "files.import.not_yes_no", _("“%(text)s” is neither yes nor no.")
    NO_ID = "files.import.no_id", _("“%(text)s” is no Offorte ID, which is a whole number.")
    NO_EMAIL = "files.import.no_email", _("“%(text)s” is no e-mail address.")
    QUOTA = (
        "files.import.quota",
        _(
            "You have %(count)s files stored, which is as much as one person may have: %(most)s files, "
            "%(megabytes)s MB in all. Delete files you no longer need under "
            "“Your last files”, or wait until %(date)s: the oldest goes then."
        ),
    )
    NO_TABLE = (
        "files.import.no_table",
        _("“%(name)s” is no table that the portal can read. Save it as Excel workbook (.xlsx) or as CSV."),
    )
    FILE_TOO_LARGE = (
        "files.import.file_too_large",
        _("The file is larger than %(most)s. Split it, or save only the table that is needed."),
    )
    TOO_MANY_CELLS = (
        "files.import.too_many_cells",
        _("The sheet has too many cells. Save only the table that is needed."),
    )
    NO_RESULT = (
        "files.import.no_result",
        _("Column %(column)s holds a formula whose result is not in the file. Open and save it in Excel, then retry."),
    )
    TOO_MANY_ROWS = "files.import.too_many_rows", _("The file has %(count)s rows; at most %(most)s at once: split it.")
    TOO_MANY_LINES = (
        "files.import.too_many_lines",
        _("The file has more than %(most)s lines. Save only the table that is needed."),
    )
    TOO_MANY_COLUMNS = (
        "files.import.too_many_columns",
        _("The file has more than %(most)s columns: leave out those that are not needed."),
    )
    UNREADABLE = "files.import.unreadable", _("The file could not be read. Save only the table that is needed.")
    WORKBOOK_EMPTY = "files.import.workbook_empty", _("The workbook is empty.")
    CELLS_LEFT_OUT = "files.import.cells_left_out", _("Cells far to the right of the table were left out.")
    MANY_FORMATS = (
        "files.import.many_formats",
        _("The workbook has more cell formats than are read. Check the dates and percentages."),
    )
    MERGED_DOWN = (
        "files.import.merged_down",
        _("Cells are merged downwards, such as %(cells)s: the first row has the value, the others none."),
    )
    ONE_SHEET = "files.import.one_sheet", _("Only the sheet “%(name)s” was read; the workbook has others.")
    WORKBOOK_CELL_TOO_LONG = "files.import.workbook_cell_too_long", _("A cell of the workbook is too long.")
    TOO_MANY_TEXTS = (
        "files.import.too_many_texts",
        _("The workbook holds too many texts. Save only the table that is needed."),
    )
    CELL_ERROR = "files.import.cell_error", _("Column %(column)s holds the error %(error)s.")
    NUMBER_TOO_LONG = (
        "files.import.number_too_long",
        _("Column %(column)s holds a number of more than 30 digits (%(error)s). Correct it, or save it as text."),
    )
    TOTAL_ROWS = (
        "files.import.total_rows",
        _("Left out, because they look like totals: rows %(numbers)s. You can still tick them."),
    )
    HIDDEN_ROWS = (
        "files.import.hidden_rows",
        _("Hidden in the file, by a filter for example: %(count)s rows. They are left out unless you include them."),
    )
    HIDDEN_COLUMNS = (
        "files.import.hidden_columns",
        _("Hidden in the file: columns %(names)s. They are left out unless you include them."),
    )
    HIDDEN_ROW = "files.import.hidden_row", _("This row is hidden in the file.")
    TOTAL_ROW = "files.import.total_row", _("This row looks like a total.")
    ZERO_LOST = (
        "files.import.zero_lost",
        _("%(field)s: “%(text)s” seems to have lost its leading zero or plus. Is “%(repaired)s” meant?"),
    )
    ZERO_PUT_BACK = (
        "files.import.zero_put_back",
        _("%(field)s: “%(text)s” seems to have lost its leading zero or plus. “%(repaired)s” is used instead."),
    )
    LONGER_KEPT = (
        "files.import.longer_kept",
        _("%(field)s stays “%(old)s”: “%(new)s” in the file is only a part of it."),
    )
    OTHER_TABLES = "files.import.other_tables", _("The page has several tables. Only the largest one was read.")
    CARD_PARTS = "files.import.card_parts", _("Parts of the cards that aren’t imported: %(names)s.")
    XML_WORKBOOK = (
        "files.import.xml_workbook",
        _("This is an Excel file as XML (XML Spreadsheet 2003). Open it in Excel and save it as .xlsx."),
    )
    WEB_ARCHIVE = (
        "files.import.web_archive",
        _("This is a web page in one file (.mht), not an Excel file. Open it in Excel and save it as .xlsx."),
    )
    # Why a column is left out.
    COLUMN_HIDDEN = "files.import.column_hidden", _("Hidden in the file")
    COLUMN_EMPTY = "files.import.column_empty", _("Empty")
    COLUMN_TAKEN = "files.import.column_taken", _("%(field)s comes from “%(column)s”")
    COLUMN_OTHER_IDS = "files.import.column_other_ids", _("These aren’t Offorte’s IDs")
    COLUMN_DECLINED = "files.import.column_declined", _("You left it out")
    COLUMN_UNKNOWN = "files.import.column_unknown", _("Offorte has no field for it that we recognise")
    VALUES_LEFT_OUT = "files.import.values_left_out", _("Left out: %(values)s.")
    # The problem of a cell, or what looks wrong with it, after the name of its field.
    CELL = "files.import.cell", "%(field)s: %(error)s"
