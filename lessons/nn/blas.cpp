// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/blas.h"

#include <dlfcn.h>

#include <cstdlib>
#include <memory>

namespace viva {
namespace {

/// The file, links followed, that a symbol was loaded from; empty when there is no such symbol.
std::string fileOfSymbol(const char* symbol) {
  void* const address = dlsym(RTLD_DEFAULT, symbol);
  Dl_info info{};
  if (!address || !dladdr(address, &info) || !info.dli_fname) return "";
  const std::unique_ptr<char, decltype(&std::free)> resolved(realpath(info.dli_fname, nullptr),
                                                             &std::free);
  return resolved ? resolved.get() : info.dli_fname;
}

/// ` (SkylakeX)`: other kernels add in another order, and their last bits differ.
std::string kernelsOfOpenBlas() {
  using CoreName = const char* (*)();
  const auto core = reinterpret_cast<CoreName>(dlsym(RTLD_DEFAULT, "openblas_get_corename"));
  return core ? std::string(" (") + core() + ")" : std::string();
}

bool isLoaded(const char* symbol) { return dlsym(RTLD_DEFAULT, symbol) != nullptr; }

}  // namespace

std::string findBlas() {
  const std::string file = fileOfSymbol("sgemm_");
  // Debian's OpenBLAS gives libblas.so.3 a file of its own, so the path decides before the symbols.
  if (file.find("openblas-pthread") != std::string::npos) return "openblas-pthread";
  if (file.find("openblas") != std::string::npos) return "openblas" + kernelsOfOpenBlas();
  if (file.find("/blas/") != std::string::npos) return "reference";
  if (isLoaded("MKL_Get_Version_String") || isLoaded("mkl_get_version")) return "mkl";
  if (isLoaded("openblas_get_config")) return "openblas" + kernelsOfOpenBlas();
  return "unknown";
}

MatrixProduct matrixProduct() {
  static const auto found = reinterpret_cast<MatrixProduct>(dlsym(RTLD_DEFAULT, "sgemm_"));
  return found;
}

}  // namespace viva
