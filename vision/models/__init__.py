"""The networks, one a file, named by the stage of the method that they carry out."""
