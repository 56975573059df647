// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "app/export/animation_encoder.h"
#include "app/export/pictures.h"

extern char** environ;

namespace viva {
namespace {

namespace fs = std::filesystem;

/// Frames go into ffmpeg's standard input as they come; what it makes is a temporary file, since an
/// mp4 cannot be written to a pipe.
class FfmpegEncoder : public AnimationEncoder {
 public:
  FfmpegEncoder(Export format, const AnimationSettings& settings)
      : ending_(pictureEnding(format)), settings_(settings) {}

  ~FfmpegEncoder() override {
    if (input_ >= 0) ::close(input_);
    if (process_ > 0) {
      ::kill(process_, SIGKILL);
      ::waitpid(process_, nullptr, 0);
    }
    std::error_code ignored;
    if (!made_.empty()) fs::remove(made_, ignored);
  }

  void add(const std::uint8_t* pixels, int width, int height, int bytes_per_row) override {
    if (process_ <= 0) start(width, height);
    for (int row = 0; row < height; ++row) {
      const std::uint8_t* rest = pixels + static_cast<std::ptrdiff_t>(row) * bytes_per_row;
      std::size_t left = 4 * static_cast<std::size_t>(width);
      while (left > 0) {
        const ssize_t written = ::write(input_, rest, left);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail();
        rest += written;
        left -= static_cast<std::size_t>(written);
      }
    }
  }

  void write(FileWriter& file) override {
    if (process_ <= 0) fail();
    ::close(input_);
    input_ = -1;
    int status = 0;
    pid_t ended;
    do ended = ::waitpid(process_, &status, 0);
    while (ended < 0 && errno == EINTR);
    process_ = 0;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) fail();
    std::ifstream made(made_, std::ios::binary);
    std::vector<char> buffer(1 << 16);
    std::size_t size = 0;
    while (made.read(buffer.data(), static_cast<std::streamsize>(buffer.size())),
           made.gcount() > 0) {
      size += static_cast<std::size_t>(made.gcount());
      file.write({buffer.data(), static_cast<std::size_t>(made.gcount())});
    }
    if (size == 0) fail();
  }

 private:
  [[noreturn]] void fail() const {
    throw RunError({"command.error.ffmpeg_failed",
                    {{"format", ending_}, {"folder", fs::temp_directory_path().string()}}});
  }

  void start(int width, int height) {
    std::string path = (fs::temp_directory_path() / ("viva-XXXXXX." + ending_)).string();
    const int made = ::mkstemps(path.data(), static_cast<int>(ending_.size()) + 1);
    if (made < 0) fail();
    ::close(made);
    made_ = path;
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) fail();
    std::vector<std::string> words{"ffmpeg",
                                   "-nostdin",
                                   "-loglevel",
                                   "error",
                                   "-y",
                                   "-f",
                                   "rawvideo",
                                   "-pix_fmt",
                                   "bgr0",
                                   "-s",
                                   std::to_string(width) + "x" + std::to_string(height),
                                   "-r",
                                   std::to_string(settings_.frames_per_second),
                                   "-i",
                                   "pipe:0"};
    if (ending_ == "gif")
      // One table of colours for all frames, made from them.
      words.insert(words.end(), {"-vf", "split[a][b];[a]palettegen[p];[b][p]paletteuse", "-loop",
                                 settings_.loop ? "0" : "-1"});
    else
      // Sides of an mp4 that every player shows are even.
      words.insert(words.end(), {"-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-pix_fmt", "yuv420p",
                                 "-movflags", "+faststart"});
    words.push_back(made_.string());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, ends[0], STDIN_FILENO);
    for (const int output : {STDOUT_FILENO, STDERR_FILENO})
      posix_spawn_file_actions_addopen(&files, output, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    // Ctrl-C is for us: the animation of what there is gets finished.
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    const int error =
        ::posix_spawnp(&process_, "ffmpeg", &files, &attributes, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    ::close(ends[0]);
    input_ = ends[1];
    if (error != 0) {
      process_ = 0;
      fail();
    }
  }

  std::string ending_;
  AnimationSettings settings_;
  pid_t process_ = 0;
  int input_ = -1;
  fs::path made_;
};

}  // namespace

std::unique_ptr<AnimationEncoder> ffmpegEncoder(Export format, const AnimationSettings& settings) {
  return std::make_unique<FfmpegEncoder>(format, settings);
}

std::unique_ptr<AnimationEncoder> animationEncoder(Export format,
                                                   const AnimationSettings& settings) {
  return format == Export::Webp ? webpEncoder(settings) : ffmpegEncoder(format, settings);
}

bool hasFfmpeg() {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "/usr/bin");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (::access((fs::path(folder) / "ffmpeg").c_str(), X_OK) == 0) return true;
  return false;
}

}  // namespace viva
