"""Settings: theme, workspace, device, and what this program is."""
