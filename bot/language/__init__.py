"""Knowledge of written languages, as data: words and patterns in files, one folder for each language."""
