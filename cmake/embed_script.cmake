# SPDX-License-Identifier: GPL-3.0-or-later
string(REPLACE "|" ";" FILES "${FILES}")
set(text "// Made by cmake/embed_script.cmake.\n#include <string_view>\n#include <utility>\n#include <vector>\n\nnamespace viva {\nstd::vector<std::pair<std::string_view, std::string_view>> ${FUNCTION}() {\n  return {\n")
foreach(file IN LISTS FILES)
  file(READ "${ROOT}/${file}" content)
  string(APPEND text "      {\"${file}\", R\"viva_text(${content})viva_text\"},\n")
endforeach()
string(APPEND text "  };\n}\n}  // namespace viva\n")
file(WRITE "${OUTPUT}" "${text}")
