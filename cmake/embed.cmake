# Text files that become part of the library: readable in the source tree, constants in the program.

# ascribo_embed(ROOM file...): every file of ascribo/ROOM/page/ named here becomes a raw string
# literal in generated/ascribo/ROOM/page/<file>.inc, made anew whenever the file changes.
function(ascribo_embed room)
  foreach(name ${ARGN})
    set(from ${PROJECT_SOURCE_DIR}/ascribo/${room}/page/${name})
    set(to ${PROJECT_BINARY_DIR}/generated/ascribo/${room}/page/${name}.inc)
    add_custom_command(
      OUTPUT ${to}
      COMMAND ${CMAKE_COMMAND} -DFROM=${from} -DTO=${to} -P ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
      DEPENDS ${from} ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
      COMMENT "Embedding ascribo/${room}/page/${name}"
      VERBATIM)
    target_sources(ascribo_${room} PRIVATE ${to})
  endforeach()
endfunction()
