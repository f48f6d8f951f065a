"""L0: the file operations of alcove; every change on disk goes through here."""
