"""What the notebook on school culture and climate presents; a module for each section."""
