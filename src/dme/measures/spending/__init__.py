"""What schools spend per pupil, by size and by function."""
