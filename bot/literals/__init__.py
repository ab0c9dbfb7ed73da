"""Find by literal strings which of many patterns can match a text, so that few are tried."""
