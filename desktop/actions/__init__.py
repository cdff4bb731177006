"""What a person can ask for, as typed functions over ``models`` and ``training``; shared by all doors. No Qt."""
