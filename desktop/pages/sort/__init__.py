"""Sort: drop pictures, see what they are."""
