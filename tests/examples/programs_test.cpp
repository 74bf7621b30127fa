// The programs as their users meet them: a short run of each, and what it says to wrong use.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>

namespace rapt {
namespace {

#if defined(__unix__) || defined(__APPLE__)

struct Ran {
  int code;
  std::string text;  // both streams
};

Ran ran(const std::string& command) {
  std::string line = RAPT_PROGRAMS_DIR "/";
  line += command + " 2>&1";
  FILE* pipe = popen(line.c_str(), "r");
  if (!pipe) return {-1, "cannot run " + line};
  std::string text;
  std::array<char, 4096> block;
  while (const std::size_t count = std::fread(block.data(), 1, block.size(), pipe))
    text.append(block.data(), count);
  const int status = pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text};
}

const std::string kShort = " --steps 3 --rate 0.003 --untimed";

TEST(Programs, TranslateShowsAnswersAndAlignments) {
  const Ran run =
      ran("translate --task cipher --length 5 --sources 1 --steps 60 --rate 0.01 --untimed");
  EXPECT_EQ(run.code, 0) << run.text;
  for (const char* part :
       {"cipher  seq2seq-additive", "beam of 4", "where in the source it looked"})
    EXPECT_NE(run.text.find(part), std::string::npos) << part << " in\n" << run.text;
}

TEST(Programs, TagShowsSentencesWordByWord) {
  const Ran run = ran("tag --model gru,bag --sentences 2" + kShort);
  EXPECT_EQ(run.code, 0) << run.text;
  for (const char* part : {"right about", "(right)", "NOUN", " *"})
    EXPECT_NE(run.text.find(part), std::string::npos) << part << " in\n" << run.text;
}

TEST(Programs, ClassifyShowsOpinionsAndWhereItLooked) {
  const Ran run = ran("classify --model gru-attention,bag --sentences 2" + kShort);
  EXPECT_EQ(run.code, 0) << run.text;
  for (const char* part : {"right", "positive", "how much the answer looked at each word"})
    EXPECT_NE(run.text.find(part), std::string::npos) << part << " in\n" << run.text;
}

TEST(Programs, ForecastDrawsASeriesAndGoesOnByItself) {
  const Ran run = ran("forecast --model gru --ahead 4 --draw 5" + kShort);
  EXPECT_EQ(run.code, 0) << run.text;
  for (const char* part : {"The end of one unseen series", "squared error, steps ahead"})
    EXPECT_NE(run.text.find(part), std::string::npos) << part << " in\n" << run.text;
}

TEST(Programs, GenerateWritesAsManySymbolsAsAsked) {
  const std::string flags = "generate --task grammar --prompt the --symbols 150" + kShort;
  const Ran run = ran(flags), again = ran(flags);
  EXPECT_EQ(run.code, 0) << run.text;
  EXPECT_EQ(run.text, again.text) << "equal seeds write equal texts";
  const std::size_t begin = run.text.rfind("\nthe");
  ASSERT_NE(begin, std::string::npos) << run.text;
  EXPECT_EQ(run.text.size() - begin, 1u + 3 + 150 + 1) << run.text;
}

TEST(Programs, GlimpseComparesWaysOfLookingAlikeInEveryRun) {
  const std::string flags = "glimpse --steps 40 --seeds 1 --draws 5 --untimed";
  const Ran run = ran(flags), again = ran(flags);
  EXPECT_EQ(run.code, 0) << run.text;
  EXPECT_EQ(run.text, again.text);
  for (const char* part :
       {"hard, no baseline", "hard, Gumbel-softmax", "hard_30|", "after 40 steps"})
    EXPECT_NE(run.text.find(part), std::string::npos) << part << " in\n" << run.text;
  EXPECT_EQ(run.text.find("ms/step"), std::string::npos) << run.text;
}

TEST(Programs, CbamComparesAndDrawsMaps) {
  const std::string flags = "cbam --model cnn,spatial,glimpses --steps 3 --seeds 2 --untimed";
  const Ran run = ran(flags), again = ran(flags);
  EXPECT_EQ(run.code, 0) << run.text;
  EXPECT_EQ(run.text, again.text);
  for (const char* part : {"clutter: 3 steps, 2 seeds", "cue: 3 steps", "(guessing)", "within 2 px",
                           "spatial says ", "glimpses says "})
    EXPECT_NE(run.text.find(part), std::string::npos) << part << " in\n" << run.text;
}

TEST(Programs, CbamShowsImagesAndDoesNotTrain) {
  const Ran run = ran("cbam --show 1");
  EXPECT_EQ(run.code, 0) << run.text;
  EXPECT_NE(run.text.find("cue, channel 3: "), std::string::npos) << run.text;
  EXPECT_EQ(run.text.find("accuracy"), std::string::npos) << run.text;
}

TEST(Programs, BenchTimesWhatItNames) {
  const std::string steps = "encoder_d32_h2_l1_T16_B16", product = "matmul_nt_256x256x256";
  const Ran list = ran("bench --list");
  EXPECT_EQ(list.code, 0) << list.text;
  for (const std::string& name : {steps, product})
    EXPECT_NE(list.text.find(name + "\n"), std::string::npos) << list.text;
  const Ran run = ran("bench --case " + steps + " --budget 0.001 --threads 2");
  EXPECT_EQ(run.code, 0) << run.text;
  EXPECT_EQ(run.text.find("{\"name\": \"" + steps + "\", \"threads\": 2, \"ms\": "), 0u)
      << run.text;
  EXPECT_EQ(run.text.find('\n'), run.text.size() - 1) << "one line, " << run.text;
  const Ran peak = ran("bench --peak --only matmul_nt --budget 0.001");
  EXPECT_EQ(peak.code, 0) << peak.text;
  for (const std::string& part : {std::string("peak of one core: "), product})
    EXPECT_NE(peak.text.find(part), std::string::npos) << peak.text;
}

TEST(Programs, MatmulStepsGivesTheSameBitsInEveryWay) {
  const Ran run = ran("matmul_steps --size 384 --budget 0.001 --threads 3");
  EXPECT_EQ(run.code, 0) << run.text;
  EXPECT_NE(run.text.find("3 threads"), std::string::npos) << run.text;
  EXPECT_NE(run.text.find("equal"), std::string::npos) << run.text;
  EXPECT_EQ(run.text.find("different"), std::string::npos) << run.text;
}

TEST(Programs, TakeTheSmallestThatTheirFlagsAllow) {
  for (const char* command : {"generate --task grammar --prompt t --symbols 3",
                              "forecast --model gru --draw 0 --ahead 1"}) {
    const Ran run = ran(command + kShort);
    EXPECT_EQ(run.code, 0) << command << "\n" << run.text;
  }
}

TEST(Programs, ShowPrintsSamplesAndDoesNotTrain) {
  const Ran run = ran("compare --task sort,dates --show 2");
  EXPECT_EQ(run.code, 0) << run.text;
  EXPECT_NE(run.text.find("dates: "), std::string::npos) << run.text;
  EXPECT_EQ(run.text.find("accuracy"), std::string::npos) << run.text;
}

TEST(Programs, WrongUseEndsWithTwoAndSaysWhatIsExpected) {
  struct Wrong {
    std::string command, message;
  };
  const Wrong wrongs[] = {
      {"compare --task text --model seq2seq", "text / seq2seq: --model: expected one that answers"},
      {"compare --task odd-one-out --model transformer", "--model: expected one that answers"},
      {"compare --task sort --model decoder", "--model: expected one"},
      {"compare --task reverse --data x.txt", "--data: expected one of the tasks that read a file"},
      {"compare --task pairs", "--data"},
      {"compare --task pairs --data /no/such/file", "cannot read '/no/such/file'"},
      {"compare --quick --steps 3", "--quick: expected without --steps"},
      {"translate --task tags", "--task: expected one of cipher"},
      {"translate --beam 0", "--beam: expected a whole number from 1 to 64, got '0'"},
      {"tag --task dates", "--task: expected one of"},
      {"classify --model nobody", "--model: expected one of"},
      {"forecast --ahead x", "--ahead: expected a whole number"},
      {"generate --task grammar --prompt €", "--prompt: expected characters that occur"},
      {"generate --temperature -1", "--temperature: expected a number"},
      {"generate --top-p 0", "--top-p: expected a number"},
      {"glimpse --seeds 0", "--seeds: expected a whole number from 1 to 100, got '0'"},
      {"glimpse --rate 2", "--rate: expected a number"},
      {"cbam --task folder", "--data"},
      {"cbam --data /no/such/folder", "/no/such/folder"},
      {"cbam --task cue --clutter 3", "--clutter: image task cue expects none, got 3"},
      {"cbam --model nobody", "--model: expected one of"},
      {"cbam --clutter 21", "--clutter: expected a whole number from 0 to 20, got '21'"},
      {"bench --case matmul_7",
       "--case and --only: expected what `bench --list` names, got 'matmul_7'"},
      {"bench --budget 0", "--budget: expected a number"},
      {"matmul_steps --size 400", "--size: expected a multiple of 384"},
      {"tag --nonsense", "unknown flag '--nonsense'"},
  };
  for (const Wrong& wrong : wrongs) {
    const Ran run = ran(wrong.command);
    EXPECT_EQ(run.code, 2) << wrong.command << "\n" << run.text;
    EXPECT_NE(run.text.find(wrong.message), std::string::npos) << wrong.command << "\n" << run.text;
  }
}

#endif

}  // namespace
}  // namespace rapt
