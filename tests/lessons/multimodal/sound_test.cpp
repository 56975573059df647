// SPDX-License-Identifier: GPL-3.0-or-later
// The short-time transform and the mel scale against worked numbers; sounds of the user's own.
#include <sndfile.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <QTest>
#include <QtEndian>
#include <cmath>
#include <numbers>

#include "lessons/core/error.h"
#include "lessons/multimodal/short_time_fourier.h"
#include "lessons/multimodal/sound_file.h"
#include "tests/lessons/experiment_run.h"
#include "tests/lessons/own_table.h"

using namespace viva;
using namespace viva::tests;

namespace {

torch::Tensor sine(double hertz, std::int64_t samples = 16000) {
  return (torch::arange(samples, torch::kDouble) * (2 * std::numbers::pi * hertz / 16000)).sin();
}

bool isNear(double found, double expected, double tolerance = 5e-6) {
  if (std::abs(found - expected) <= tolerance) return true;
  qWarning("%.10g, not %.10g", found, expected);
  return false;
}

template <typename Number>
void append(QByteArray& bytes, Number number) {
  number = qToLittleEndian(number);
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

/// A WAV file of 16-bit frames; `channels` hold the same tone, the second one upside down.
QByteArray wav(quint32 rate, quint16 channels, std::int64_t frames) {
  QByteArray data;
  for (std::int64_t i = 0; i < frames; ++i)
    for (quint16 c = 0; c < channels; ++c)
      append(data, static_cast<qint16>((c == 1 ? -0.5 : 1) * 16384 *
                                       std::sin(2 * std::numbers::pi * 440 * i / rate)));
  QByteArray bytes("RIFF");
  append(bytes, static_cast<quint32>(36 + data.size()));
  bytes += "WAVEfmt ";
  append(bytes, quint32{16});
  append(bytes, quint16{1});
  append(bytes, channels);
  append(bytes, rate);
  append(bytes, static_cast<quint32>(rate * channels * 2));
  append(bytes, static_cast<quint16>(channels * 2));
  append(bytes, quint16{16});
  bytes += "data";
  append(bytes, static_cast<quint32>(data.size()));
  return bytes + data;
}

std::string refusalOf(const std::string& path) {
  try {
    readSound(path);
  } catch (const FileError& error) {
    return error.message().key;
  }
  return "";
}

}  // namespace

class SoundTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theMelScalesHaveTheirPublishedValues() {
    const std::vector<std::array<double, 3>> rows{
        {100, 150.48910, 1.5},  {440, 549.63868, 6.6},         {500, 607.44592, 7.5},
        {1000, 999.98554, 15},  {2000, 1521.35955, 25.081880}, {4000, 2146.06453, 35.163760},
        {6400, 2610.98600, 42}, {8000, 2840.02305, 45.245640}};
    for (const auto& [hertz, htk, slaney] : rows) {
      QVERIFY(isNear(htkMel(hertz), htk));
      QVERIFY(isNear(slaneyMel(hertz), slaney, 1e-6));
      QVERIFY(isNear(htkHertz(htkMel(hertz)), hertz, 1e-8));
      QVERIFY(isNear(slaneyHertz(slaneyMel(hertz)), hertz, 1e-8));
    }
    QVERIFY(isNear(htkHertz(1000), 1000.0218, 1e-4));
    const auto corners = melCorners(4, 8000);
    const std::vector<double> expected{0, 458.73, 1218.08, 2475.05, 4555.75, 8000};
    for (std::size_t i = 0; i < expected.size(); ++i)
      QVERIFY(isNear(corners[i], expected[i], 0.006));
  }

  void hannIsPeriodicOrSymmetric() {
    const auto periodic = windowOf(WindowFunction::Hann, 8);
    const std::vector<double> expected{0, .1464, .5, .8536, 1, .8536, .5, .1464};
    for (int i = 0; i < 8; ++i) QVERIFY(isNear(periodic[i].item<double>(), expected[i], 5e-5));
    const auto symmetric = windowOf(WindowFunction::Hann, 8, false);
    const std::vector<double> first{0, .1883, .6113, .9505};
    for (int i = 0; i < 4; ++i) {
      QVERIFY(isNear(symmetric[i].item<double>(), first[i], 5e-5));
      QVERIFY(isNear(symmetric[7 - i].item<double>(), first[i], 5e-5));
    }
  }

  void framesAndBinsAreCountedAsUsual() {
    const auto window = windowOf(WindowFunction::Hann, 400);
    const auto plain = shortTimeFourier(sine(1000), window, 160, 400);
    QCOMPARE(plain.sizes().vec(), (std::vector<std::int64_t>{98, 201}));
    const auto around = shortTimeFourier(centred(sine(1000), 400), window, 160, 400);
    QCOMPARE(around.size(0), std::int64_t{101});
    // Thirty seconds: 3001 frames, of which the last one is dropped as Whisper does.
    QCOMPARE(centred(torch::zeros({480000}, torch::kDouble), 400).unfold(0, 400, 160).size(0),
             std::int64_t{3001});
  }

  void aSineOnABinHasHalfTheWindowsSumThere() {
    const auto magnitude =
        shortTimeFourier(sine(1000), windowOf(WindowFunction::Hann, 400), 160, 400).abs()[7];
    QCOMPARE(magnitude.argmax().item<std::int64_t>(), std::int64_t{25});
    QVERIFY(isNear(magnitude[25].item<double>(), 100, 1e-9));
    QVERIFY(isNear(magnitude[24].item<double>(), 50, 1e-9));
    QVERIFY(isNear(magnitude[26].item<double>(), 50, 1e-9));
    QVERIFY(magnitude[28].item<double>() < 1e-9);
  }

  void twoHannWindowsSumToOneAtHalfOverlap() {
    const auto window = windowOf(WindowFunction::Hann, 400);
    const auto [sum, weight] =
        overlapAdded(shortTimeFourier(sine(777), window, 200, 400), window, 200);
    const auto inner = weight.narrow(0, 400, 2000);
    QVERIFY((inner - 1).abs().max().item<double>() < 1e-12);
    QVERIFY((sum - sine(777)).narrow(0, 400, 2000).abs().max().item<double>() < 1e-12);
  }

  void soundsAreReadWhateverTheirChannelsAndRate() {
    const OwnFolder folder;
    const Sound mono = readSound(folder.written(wav(8000, 1, 4000), "mono.wav"));
    QCOMPARE(mono.rate, 8000.0);
    QCOMPARE(mono.samples.size(), std::size_t{4000});
    const Sound stereo = readSound(folder.written(wav(44100, 2, 22050), "stereo.wav"));
    QCOMPARE(stereo.samples.size(), std::size_t{22050});
    // The mean of the tone and half of it upside down is a quarter of it.
    const double peak = *std::ranges::max_element(stereo.samples);
    QVERIFY(isNear(peak, 0.125, 1e-3));
    const Sound cut = readSound(folder.written(wav(4000, 1, 60000), "long.wav"));
    QCOMPARE(cut.samples.size(), std::size_t{40000});
    const auto run = startedRun(
        "spectrogram-lab",
        {{"sound", "file"}, {"data_file", folder.pathOf("stereo.wav").toStdString()}}, 3);
    run->advance(3);
    QCOMPARE(run->status(), RunStatus::Completed);
  }

  void otherFormatsHoldTheSameSound_data() {
    QTest::addColumn<int>("format");
    QTest::addColumn<double>("tolerance");
    QTest::newRow("flac") << (SF_FORMAT_FLAC | SF_FORMAT_PCM_16) << 1e-4;
    QTest::newRow("aiff") << (SF_FORMAT_AIFF | SF_FORMAT_PCM_24) << 1e-6;
    QTest::newRow("ogg") << (SF_FORMAT_OGG | SF_FORMAT_VORBIS)
                         << 0.05;  // what is lost is inaudible
  }
  void otherFormatsHoldTheSameSound() {
    QFETCH(int, format);
    QFETCH(double, tolerance);
    const OwnFolder folder;
    const std::string path = folder.pathOf("sound").toStdString();
    SF_INFO info{};
    info.samplerate = 16000;
    info.channels = 1;
    info.format = format;
    const torch::Tensor tone = (0.5 * sine(440)).contiguous();
    SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
    QVERIFY2(file, sf_strerror(nullptr));
    QCOMPARE(sf_write_double(file, tone.data_ptr<double>(), tone.numel()), sf_count_t{16000});
    sf_close(file);
    const Sound sound = readSound(path);
    QCOMPARE(sound.rate, 16000.0);
    QCOMPARE(sound.samples.size(), std::size_t{16000});
    const auto read = torch::tensor(sound.samples, torch::kDouble);
    QVERIFY(isNear((read - tone).abs().max().item<double>(), 0, tolerance));
  }

  void wrongFilesAreRefusedInASentence() {
    const OwnFolder folder;
    QCOMPARE(refusalOf(folder.pathOf("none.wav").toStdString()),
             std::string("error.sound.missing"));
    QCOMPARE(refusalOf(folder.path().toStdString()), std::string("error.sound.not_a_file"));
    QCOMPARE(refusalOf(folder.written("a letter", "letter.wav")),
             std::string("error.sound.unknown"));
    QCOMPARE(refusalOf(folder.written("", "empty.wav")), std::string("error.sound.unknown"));
    QCOMPARE(refusalOf(folder.written(wav(8000, 1, 100), "short.wav")),
             std::string("error.sound.short"));
    QCOMPARE(refusalOf(folder.written(wav(1000, 1, 4000), "slow.wav")),
             std::string("error.sound.rate"));
  }
};

QTEST_GUILESS_MAIN(SoundTest)
#include "sound_test.moc"
