"""The set-up before the tower: what is asked, one calm page each."""
