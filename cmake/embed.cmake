# SPDX-License-Identifier: GPL-3.0-or-later
# viva_embed(OUTPUT FUNCTION FILES...): a source file with
#   std::vector<std::pair<std::string_view, std::string_view>> viva::FUNCTION()
# that answers the name (relative to the project) and text of each file. Works without Qt.
function(viva_embed output function)
  set(files ${ARGN})
  list(TRANSFORM files PREPEND ${PROJECT_SOURCE_DIR}/)
  string(JOIN "|" joined ${ARGN})
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DFUNCTION=${function} -DFILES=${joined}
            -DROOT=${PROJECT_SOURCE_DIR} -P ${PROJECT_SOURCE_DIR}/cmake/embed_script.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/embed_script.cmake
    VERBATIM)
endfunction()
