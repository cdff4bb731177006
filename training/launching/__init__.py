"""Trainings from the program's side: prepared, looked through beforehand, started, followed, paused, stopped, resumed.

What trains is another process, the engine's; this side never imports PyTorch, and a training outlives the window.
"""
