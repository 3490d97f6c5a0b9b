"""Dutch: 1 nov 2026, 14:05. Numbers are as Django writes them."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j b Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j b Y, H:i"
TIME_FORMAT = "H:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
# Months as Dutch writes them: without a capital.
SHORT_MONTH_FORMAT, SHORT_MONTH_DAY_FORMAT, SHORT_YEAR_MONTH_FORMAT = "b", "j b", "b Y"
