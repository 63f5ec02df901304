# cmake -DFROM=file -DTO=file.inc -P embed_file.cmake: wraps a text in a C++ raw string literal.
file(READ "${FROM}" text)
string(FIND "${text}" ")~embed~\"" closing)
if(NOT closing EQUAL -1)
  message(FATAL_ERROR "${FROM} contains the mark that ends the literal")
endif()
file(WRITE "${TO}" "R\"~embed~(${text})~embed~\"\n")
