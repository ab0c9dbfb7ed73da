"""Backup, corrections, evaluation and uninstallation."""
