// SPDX-License-Identifier: GPL-3.0-or-later
// The user's own images: a folder of pictures, as torchvision's ImageFolder has it.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace viva {

struct ImageFolder {
  std::vector<std::string> classes;  ///< names of the folders, in the order of their bytes
  std::vector<std::string> files;    ///< paths, in the order of the bytes of their names
  std::vector<std::int64_t> labels;  ///< one a file; 0 where there are no classes
};

/// What is in the folder at `path`: pictures alone, or a folder a class with pictures alone.
/// Pictures are the files whose names end with .png, .jpg or .jpeg, in whatever case; they are not
/// opened. Hidden files and folders and files of no kind of picture are left out.
///
/// Throws FileError (`error.images.*`) that names the file and its fault: no pictures, a class
/// without one, pictures beside the classes, folders within a class, a picture of a kind that is
/// not read (.gif, .webp, ...), and as filesInFolder does. Throws Stopped.
ImageFolder listImageFolder(const std::string& path, const std::stop_token& stop = {});

}  // namespace viva
