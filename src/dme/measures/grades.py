"""The grades, from the lowest to the highest."""

GRADES = ("PK", "K", *map(str, range(1, 13)))
FROM_KINDERGARTEN = GRADES[1:]
