"""Running a study under many parameter sets: what a notebook declares, evaluated."""
