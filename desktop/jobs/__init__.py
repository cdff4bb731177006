"""The one door to the background: jobs that a person waits for, and loaders of what is on screen."""

from desktop.jobs.background import Context, Job, Jobs, JobState
from desktop.jobs.loader import Loader

__all__ = ["Context", "Job", "JobState", "Jobs", "Loader"]
