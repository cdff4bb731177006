"""The Dataset page: pictures and what a person says of them, checked, divided and kept as versions."""
