// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/phases/phase_store.h"

#include <QtTest>
#include <chrono>
#include <cmath>
#include <fstream>
#include <functional>

#include "tests/fakes/fake_phase.h"

using namespace viva;
using namespace viva::fakes;
namespace fs = std::filesystem;

class PhaseStoreTest : public QObject {
  Q_OBJECT

 private:
  FakeRuntime runtime_;
  std::unique_ptr<QTemporaryDir> folder_;
  std::unique_ptr<PhaseStore> store_;

  std::string digestOf(const std::vector<std::pair<std::string, std::string>>& set = {},
                       bool cached = true) {
    RunSettings settings = phasedSettings(50, set);
    if (cached) settings.phases = store_.get();
    Run run(phasedSpec(), std::move(settings), runtime_);
    run.advance(std::int64_t{1000});
    return run.records().digest();
  }

  std::vector<fs::path> files() const {
    std::vector<fs::path> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(store_->folder(), error))
      if (entry.path().extension() == ".phase") found.push_back(entry.path());
    return found;
  }

  static PhaseState stateOf(std::size_t bytes) {
    PhaseState state;
    state.generators.resize(bytes);
    return state;
  }

  static void change(const fs::path& path, const std::function<void(std::string&)>& edit) {
    std::ifstream in(path, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(in), {}};
    edit(content);
    std::ofstream(path, std::ios::binary) << content;
  }

 private Q_SLOTS:
  void init() {
    probe() = {};
    folder_ = std::make_unique<QTemporaryDir>();
    store_ = std::make_unique<PhaseStore>(fs::path(folder_->path().toStdString()) / "phases");
  }

  void whatIsKeptIsFoundAgainBitForBit() {
    PhaseState state;
    state.arrays = {{"a", NamedArray::Type::Float64, {2, 1}, std::vector<std::byte>(16)},
                    {"", NamedArray::Type::Int64, {}, std::vector<std::byte>(8)}};
    state.generators = {std::byte{1}, std::byte{255}};
    state.records = {"x", "y/中文"};
    state.rows = {1, -0.0, 1e-320, absentValue()};
    state.checks = {{"c", 0.5, 1}};
    state.non_finite = {{"x", 3}};
    state.diverged_at = 3;
    store_->keep("k", state);
    const auto found = store_->find("k");
    QVERIFY(found);
    QVERIFY(isAbsent(found->rows[3]) && std::signbit(found->rows[1]));
    PhaseState numbers = *found;
    numbers.rows[3] = state.rows[3] = 0;
    QVERIFY(numbers == state);
    QVERIFY(!store_->find("l"));
  }

  void theRecordsAreTheSameComputedAndFromTheDisk() {
    const std::string computed = digestOf({}, false);
    QCOMPARE(digestOf(), computed);
    QCOMPARE(files().size(), std::size_t{1});
    probe() = {};
    store_ = std::make_unique<PhaseStore>(store_->folder());  // another start of the program
    QCOMPARE(digestOf(), computed);
    QCOMPARE(probe().resumed, std::int64_t{1});
    QCOMPARE(probe().stepped, std::int64_t{30});
    // With other parameters it is another phase.
    digestOf({{"rate", "0.25"}});
    QCOMPARE(files().size(), std::size_t{2});
  }

  void aDamagedOrForeignFileIsComputedAnew_data() {
    QTest::addColumn<int>("how");
    const char* names[] = {"a bit", "cut short", "empty", "longer", "another one's", "not ours"};
    for (int how = 0; how < 6; ++how) QTest::newRow(names[how]) << how;
  }

  void aDamagedOrForeignFileIsComputedAnew() {
    QFETCH(int, how);
    const std::string computed = digestOf();
    const fs::path mine = files().front();
    if (how == 4) {
      digestOf({{"rate", "0.25"}});
      for (const fs::path& other : files())
        if (other != mine) fs::rename(other, mine);
    }
    change(mine, [&](std::string& content) {
      if (how == 0) content[content.size() / 2] ^= 1;
      if (how == 1) content.resize(content.size() - 9);
      if (how == 2) content.clear();
      if (how == 3) content += "more";
      if (how == 5) content = "a letter to my mother\n";
    });
    probe() = {};
    QCOMPARE(digestOf(), computed);
    QCOMPARE(probe().stepped, std::int64_t{50});
    probe() = {};
    QCOMPARE(digestOf(), computed);
    QCOMPARE(probe().stepped, std::int64_t{30});
  }

  void whatWasNotUsedForLongestGoesFirst() {
    store_->setLimit(3500);
    const auto age = [&](const char* key, int hours) {
      fs::last_write_time(store_->folder() / (std::string(key) + ".phase"),
                          fs::file_time_type::clock::now() - std::chrono::hours(hours));
    };
    for (const char* key : {"a", "b", "c"}) store_->keep(key, stateOf(1000));
    age("a", 3);
    age("b", 2);
    age("c", 1);
    QVERIFY(store_->find("a"));  // and so it was used
    store_->keep("d", stateOf(1000));
    QVERIFY(store_->bytes() <= 3500);
    QVERIFY(!store_->find("b"));
    QVERIFY(store_->find("a") && store_->find("c") && store_->find("d"));
    // What is larger than everything together is not worth the rest.
    store_->keep("e", stateOf(4000));
    QVERIFY(!store_->find("e"));
    QCOMPARE(files().size(), std::size_t{3});
  }

  void theLimitHoldsForTheNextStartAndZeroKeepsNothing() {
    QCOMPARE(store_->limit(), PhaseStore::kDefaultLimit);
    for (const char* key : {"a", "b"}) store_->keep(key, stateOf(1000));
    store_->setLimit(1500);
    QCOMPARE(files().size(), std::size_t{1});
    QCOMPARE(PhaseStore(store_->folder()).limit(), std::uint64_t{1500});
    store_->setLimit(0);
    store_->keep("c", stateOf(10));
    QCOMPARE(files().size(), std::size_t{0});
    QCOMPARE(store_->bytes(), std::uint64_t{0});
  }

  void clearingLeavesTheLimit() {
    store_->setLimit(5000);
    store_->keep("a", stateOf(1000));
    store_->clear();
    QCOMPARE(files().size(), std::size_t{0});
    QCOMPARE(store_->limit(), std::uint64_t{5000});
  }

  void aFolderThatCannotBeMadeCostsNothingButTime() {
    std::ofstream(folder_->filePath("file").toStdString()) << "in the way";
    for (const fs::path& folder :
         {fs::path(folder_->filePath("file").toStdString()) / "phases", fs::path()}) {
      PhaseStore nowhere(folder);
      RunSettings settings = phasedSettings(50);
      settings.phases = &nowhere;
      Run run(phasedSpec(), settings, runtime_);
      run.advance(std::int64_t{1000});
      QCOMPARE(run.records().digest(), digestOf({}, false));
      nowhere.setLimit(3);
      nowhere.clear();
    }
  }
};

QTEST_GUILESS_MAIN(PhaseStoreTest)
#include "phase_store_test.moc"
