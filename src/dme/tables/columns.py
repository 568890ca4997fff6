"""Patterns and words that the tables' columns and their readers share."""

SCHOOL_YEAR = r"^\d{4}-\d{2}$"
# Seven digits are the state's (or a federal agency's); twelve are a school's federal id.
SCHOOL_CODE = r"^(\d{7}|\d{12})$"
GRADES = ("PK", "K", *(str(grade) for grade in range(1, 13)))
ZONES = ("Zone 1", "Zone 2", "Zone 3", "Zone 4")
OUTSIDE = "outside"
# Where a school's coordinates come from.
FEDERAL, DIRECTORY = "NCES 2014-15", "state directory 2015"
