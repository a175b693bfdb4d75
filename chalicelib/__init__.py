from chalicelib import compiled

compiled.use()  # before any module makes a data class
