"""One module for each verb: its words become a call of `alcove.actions`, its result becomes lines or JSON."""
