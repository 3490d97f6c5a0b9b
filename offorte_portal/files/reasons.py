"""The reasons why a file could not be exported or imported."""

from django.utils.translation import gettext_lazy as _

from offorte_portal.runs.reasons import ReasonCode, register


@register
class ExportReason(ReasonCode):
    """Why an export has no file."""

    NOT_WRITTEN = "files.export.not_written", _("Something went wrong while the file was being created.")
    STOPPED = "files.export.stopped", _("The background worker stopped each time it tried to create this file.")
    NOT_ALLOWED = (
        "files.export.not_allowed",
        _("The person who requested this export no longer has access to the list."),
    )


@register
class ImportReason(ReasonCode):
    """Why a file or a row of it can't be imported, and what a person should check."""

    NOT_TEXT = (
        "files.import.not_text",
        _("The portal can’t read this as a table. Save it as an Excel workbook (.xlsx) or as CSV UTF-8."),
    )
    WINDOWS_1252 = (
        "files.import.windows_1252",
        _("The file was read as Windows-1252. Check that characters like é and € look right."),
    )
    GARBLED = (
        "files.import.garbled",
        _("Some characters look wrong, for example in “%(text)s”. If they are, save the file as CSV UTF-8."),
    )
    OPEN_QUOTE = (
        "files.import.open_quote",
        _("Row %(number)s has a quotation mark that is never closed or should be doubled."),
    )
    LINE_TOO_LONG = "files.import.line_too_long", _("Line %(number)s of the file is too long to be a row of a table.")
    CELL_TOO_LONG = "files.import.cell_too_long", _("Row %(number)s has a cell that is too long.")
    SAME_NAME = "files.import.same_name", _("same name")
    MISSING = "files.import.missing", _("%(field)s is missing.")
    SAME_AS_ROW = "files.import.same_as_row", _("Row %(number)s is about the same record: %(what)s.")
    SAME_ID = "files.import.same_id", _("same Offorte ID")
    SAME_VAT = "files.import.same_vat", _("same VAT number")
    SAME_CHAMBER = "files.import.same_chamber", _("same chamber of commerce number")
    SAME_EMAIL = "files.import.same_email", _("same e-mail address")
    SAME_ELSEWHERE = "files.import.same_elsewhere", _("same e-mail address or name elsewhere")
    SAME_SKU = "files.import.same_sku", _("same SKU")
    SAME_NUMBER = "files.import.same_number", _("same number")
    SAME_DOMAIN = "files.import.same_domain", _("same domain")
    SAME_SPELLING = "files.import.same_spelling", _("similar name")
    NO_SUCH_ID = "files.import.no_such_id", _("Nothing in this Offorte account has the ID %(id)s.")
    MAY_BE = "files.import.may_be", _("May already be in Offorte as “%(name)s”: %(what)s.")
    IS_IN_OFFORTE = "files.import.is_in_offorte", _("Already in Offorte as “%(name)s”.")
    SEVERAL_HAVE = (
        "files.import.several_have",
        _("Several records in Offorte have the %(what)s: %(names)s. Add a column with the Offorte ID."),
    )
    NO_PROPOSAL = (
        "files.import.no_proposal",
        _("Offorte has no proposal with this ID, number or name. A file of statuses can’t create proposals."),
    )
    NO_STATUS = (
        "files.import.no_status",
        _("“%(text)s” isn’t a status. Use In edit, Open, Won, Lost or Closed."),
    )
    NOT_YOURS = "files.import.not_yours", _("This proposal belongs to a colleague, so you can’t change its status.")
    NO_REASON = (
        "files.import.no_reason",
        _("“%(name)s” isn’t in the list of lost reasons. Choose on this page which reason it is."),
    )
    REASON_CLOSE = (
        "files.import.reason_close",
        _("“%(name)s” isn’t in the list of lost reasons. Is it “%(close)s”? Choose on this page which reason it is."),
    )
    LOSS_UNSAID = (
        "files.import.loss_unsaid",
        _("Why was it lost? Choose a reason on this page, or fill in the column “Lost reason”."),
    )
    FILE_EMPTY = "files.import.file_empty", _("The file is empty.")
    NO_ROWS = "files.import.no_rows", _("There are no rows below the column names.")
    NO_HEADER = (
        "files.import.no_header",
        _("Row %(number)s has values where the column names should be. Add a row with column names at the top."),
    )
    HEADER_FOUND = (
        "files.import.header_found",
        _("The column names are in row %(number)s. Everything above it is left out."),
    )
    COLUMNS_NAMELESS = "files.import.columns_nameless", _("These columns have no name in the file: %(names)s.")
    COLUMNS_ALIKE = (
        "files.import.columns_alike",
        _("Columns %(first)s and %(second)s are both called “%(name)s”. The second one has a number here."),
    )
    PERSONS_COMPANY_UNKNOWN = (
        "files.import.persons_company_unknown",
        _("We don’t know which company this person works for."),
    )
    PERSON_ELSEWHERE = (
        "files.import.person_elsewhere",
        _("In Offorte, this person belongs to another company. An import can’t move people."),
    )
    NO_COMPANY = (
        "files.import.no_company",
        _("Offorte has no company “%(name)s”. Choose on this page which company it is, or create it."),
    )
    COMPANY_TAKEN = "files.import.company_taken", _("“%(name)s” is matched to “%(theirs)s” in Offorte.")
    COMPANY_CREATED = "files.import.company_created", _("The company “%(name)s” will be created first.")
    SEVERAL_COMPANIES = (
        "files.import.several_companies",
        _("Offorte has several companies named “%(name)s”. Use the company’s Offorte ID instead."),
    )
    SEVERAL_CALLED = "files.import.several_called", _("Offorte has several records named “%(name)s”.")
    NO_DIRECTORY = "files.import.no_directory", _("Offorte has no directory “%(name)s”. Create it in Offorte first.")
    NO_VAT_GROUP = "files.import.no_vat_group", _("Offorte has no VAT group “%(name)s”.")
    TABLE_TOO_LARGE = (
        "files.import.table_too_large",
        _("The table is too large. Split it, or remove columns you don’t need."),
    )
    TOO_SLOW = (
        "files.import.too_slow",
        _("Reading this file takes too long because it contains more than a table. Save only the table, as CSV UTF-8."),
    )
    NO_WORKBOOK = (
        "files.import.no_workbook",
        _("This isn’t an Excel workbook, or it’s damaged. Save it again as .xlsx or as CSV UTF-8."),
    )
    WORKBOOK_TOO_LARGE = (
        "files.import.workbook_too_large",
        _("The workbook is too large once unpacked. Save only the table you need."),
    )
    OLD_WORKBOOK = (
        "files.import.old_workbook",
        _("This is an old Excel file (.xls). Save it as an Excel workbook (.xlsx)."),
    )
    WORKBOOK_PROTECTED = (
        "files.import.workbook_protected",
        _("The workbook is password-protected. Save it without a password."),
    )
    ONE_LINE = "files.import.one_line", _("This must be a single line.")
    NO_DATE = "files.import.no_date", _("“%(text)s” isn’t a date. Write it like 31-12-2026.")
    FORMULA = "files.import.formula", _("“%(text)s” is a formula, not its result.")
    TOO_LONG = "files.import.too_long", _("This can have at most %(most)s characters.")
    NOT_YES_NO = "files.import.not_yes_no", _("“%(text)s” isn’t yes or no.")
    NO_ID = "files.import.no_id", _("“%(text)s” isn’t an Offorte ID. An Offorte ID is a whole number.")
    NO_EMAIL = "files.import.no_email", _("“%(text)s” isn’t an e-mail address.")
    QUOTA = (
        "files.import.quota",
        _(
            "You have %(count)s files stored, and that’s the limit: up to %(most)s files and %(megabytes)s MB "
            "per person. Delete files you no longer need under “Your recent files”, or wait until %(date)s, "
            "when the oldest one is removed."
        ),
    )
    NO_TABLE = (
        "files.import.no_table",
        _("The portal can’t read “%(name)s” as a table. Save it as an Excel workbook (.xlsx) or as CSV."),
    )
    FILE_TOO_LARGE = (
        "files.import.file_too_large",
        _("The file is larger than %(most)s. Split it, or save only the table you need."),
    )
    TOO_MANY_CELLS = (
        "files.import.too_many_cells",
        _("The sheet has too many cells. Save only the table you need."),
    )
    NO_RESULT = (
        "files.import.no_result",
        _(
            "Column %(column)s has a formula without a stored result. Open and save the file in Excel, then "
            "upload it again."
        ),
    )
    TOO_MANY_ROWS = (
        "files.import.too_many_rows",
        _("The file has %(count)s rows. You can import up to %(most)s at a time, so split the file."),
    )
    TOO_MANY_LINES = (
        "files.import.too_many_lines",
        _("The file has more than %(most)s lines. Save only the table you need."),
    )
    TOO_MANY_COLUMNS = (
        "files.import.too_many_columns",
        _("The file has more than %(most)s columns. Remove the ones you don’t need."),
    )
    UNREADABLE = "files.import.unreadable", _("We couldn’t read the file. Save only the table you need and try again.")
    WORKBOOK_EMPTY = "files.import.workbook_empty", _("The workbook is empty.")
    CELLS_LEFT_OUT = "files.import.cells_left_out", _("Cells far to the right of the table were left out.")
    MANY_FORMATS = (
        "files.import.many_formats",
        _("The workbook has more cell formats than the portal reads. Check the dates and percentages."),
    )
    MERGED_DOWN = (
        "files.import.merged_down",
        _(
            "Some cells are merged vertically, for example %(cells)s. Only the first row gets the value; the "
            "others stay empty."
        ),
    )
    ONE_SHEET = "files.import.one_sheet", _("Only the sheet “%(name)s” was read; the workbook has others.")
    WORKBOOK_CELL_TOO_LONG = "files.import.workbook_cell_too_long", _("A cell of the workbook is too long.")
    TOO_MANY_TEXTS = (
        "files.import.too_many_texts",
        _("The workbook contains too much text. Save only the table you need."),
    )
    CELL_ERROR = "files.import.cell_error", _("Column %(column)s has the error %(error)s.")
    NUMBER_TOO_LONG = (
        "files.import.number_too_long",
        _("Column %(column)s has a number of more than 30 digits (%(error)s). Correct it, or save it as text."),
    )
    TOTAL_ROWS = (
        "files.import.total_rows",
        _("Left out because they look like totals: rows %(numbers)s. You can still select them."),
    )
    HIDDEN_ROWS = (
        "files.import.hidden_rows",
        _("%(count)s rows are hidden in the file, for example by a filter. They’re left out unless you include them."),
    )
    HIDDEN_COLUMNS = (
        "files.import.hidden_columns",
        _("These columns are hidden in the file: %(names)s. They’re left out unless you include them."),
    )
    HIDDEN_ROW = "files.import.hidden_row", _("This row is hidden in the file.")
    TOTAL_ROW = "files.import.total_row", _("This row looks like a total.")
    ZERO_LOST = (
        "files.import.zero_lost",
        _("%(field)s: “%(text)s” seems to have lost its leading zero or plus. Did you mean “%(repaired)s”?"),
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
    COLUMN_DECLINED = "files.import.column_declined", _("Left out by you")
    COLUMN_UNKNOWN = "files.import.column_unknown", _("We don’t recognise a field in Offorte for it")
    VALUES_LEFT_OUT = "files.import.values_left_out", _("Left out: %(values)s.")
    # The problem of a cell, or what looks wrong with it, after the name of its field.
    CELL = "files.import.cell", "%(field)s: %(error)s"
