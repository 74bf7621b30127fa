// Readers of the user's files: columns of tokens and tags, labelled texts, columns of numbers.
#include <gtest/gtest.h>

#include "examples/data/conll.h"
#include "examples/data/csv_column.h"
#include "examples/data/labelled.h"
#include "examples/data/vocabulary.h"
#include "tests/examples/task_checks.h"

namespace rapt::data {
namespace {

using tasks::usage_error_of;
using tasks::written;
using Words = std::vector<std::string>;
using Numbers = std::vector<double>;

TEST(Conll, ReadsTheFirstAndTheLastColumn) {
  const auto sentences = read_conll(written("words.conll",
                                            "# sent 1\r\nThe\tDT\tDET\r\n  can NN  NOUN \r\n\r\n"
                                            "\n \t\n#comment\n# another\n#Rust  NOUN\n# SYM\n"));
  ASSERT_EQ(sentences.size(), 2u);
  EXPECT_EQ(sentences[0].words, (Words{"The", "can"}));
  EXPECT_EQ(sentences[0].tags, (Words{"DET", "NOUN"}));
  EXPECT_EQ(sentences[1].words, (Words{"#Rust", "#"}));  // inside a sentence, # is a token
  EXPECT_EQ(sentences[1].tags, (Words{"NOUN", "SYM"}));
  EXPECT_TRUE(read_conll(written("words.conll", "\n# nothing\n")).empty());
}

TEST(Conll, NamesTheLineWithoutATag) {
  const std::string path = written("broken.conll", "The DET\n\ncan NOUN\nrust\n");
  EXPECT_EQ(usage_error_of([&] { read_conll(path); }),
            path + ":4: expected a token and its tag, got 'rust'");
}

TEST(Labelled, SplitsTextsIntoWords) {
  const auto texts = read_labelled(written(
      "reviews.tsv", "good\tNot bad, don't you think?\n\n \t\nbad movie\tÜBEL\there's 3\n"));
  ASSERT_EQ(texts.size(), 2u);
  EXPECT_EQ(texts[0].label, "good");
  EXPECT_EQ(texts[0].words, (Words{"not", "bad", "don't", "you", "think"}));
  EXPECT_EQ(texts[1].label, "bad movie");
  EXPECT_EQ(texts[1].words, (Words{"übel", "here's", "3"}));
}

TEST(Labelled, KnowsCaseAndPunctuationOfOtherScripts) {
  EXPECT_EQ(words_of(U"Ёлка, «ЩИ» — Ω‘x’ …don’t"), (Words{"ёлка", "щи", "ω", "x", "don't"}));
  EXPECT_EQ(words_of(U"不好，good。カ"), (Words{"不", "好", "good", "カ"}));
  EXPECT_EQ(words_of(U"'' - '"), Words{});
}

TEST(Labelled, NamesTheMalformedLine) {
  const std::string path = written("broken.tsv", "good\tfine\nbad\n");
  EXPECT_EQ(usage_error_of([&] { read_labelled(path); }),
            path + ":2: expected a label, a tab and a text, got 'bad'");
  const std::string unlabelled = written("unlabelled.tsv", "\tfine\n");
  EXPECT_NE(usage_error_of([&] { read_labelled(unlabelled); }).find(":1: expected a label"),
            std::string::npos);
  const std::string mute = written("mute.tsv", "good\tfine\nbad\t ?! \n");
  EXPECT_EQ(usage_error_of([&] { read_labelled(mute); }),
            mute + ":2: expected a text with at least one word, got ' ?! '");
}

TEST(CsvColumn, ReadsWhatIsQuoted) {
  const std::string path =
      written("prices.csv",
              "\xEF\xBB\xBF"
              "date,\"open, \"\"first\"\"\",close,note\r\n"
              "\"1\n2\",1.5,2,\"x\r\ny\"\r\n\r\nb, -2e1 ,+3,\n\"c\",\"4\",5,z");
  EXPECT_EQ(read_csv_column(path + ":close").values, (Numbers{2, 3, 5}));
  const Column open = read_csv_column(path + ":open, \"first\"");
  EXPECT_EQ(open.name, "open, \"first\"");
  EXPECT_EQ(open.values, (Numbers{1.5, -20, 4}));
  EXPECT_EQ(read_csv_column(path).name, "close");  // the last column of numbers alone
}

TEST(CsvColumn, SaysWhatIsWrong) {
  const auto error = [](const std::string& content, const std::string& column = "") {
    const std::string path = written("broken.csv", content);
    const std::string text = usage_error_of([&] { read_csv_column(path + column); });
    return text.substr(text.find(path) == 0 ? path.size() : 0);
  };
  EXPECT_EQ(error("a,b\n1,2\n", ":c"), ": there is no column 'c'; there are: a, b");
  EXPECT_EQ(error("a,b\nx,y\n"), ": there is no column of numbers alone; there are: a, b");
  EXPECT_EQ(error("a,b\n\"1\n\",2\n3,n/a\n", ":b"),
            ":4: expected a number in column 'b', got 'n/a'");
  for (const char* number : {"", "1 2", "nan", "inf", "1,5", "0x10", "1e999", "+-1", "++1"})
    EXPECT_NE(error(message("a\n\"", number, "\"\n"), ":a").find(":2: expected a number"),
              std::string::npos)
        << number;
  EXPECT_EQ(error("a,b\n1,2\n3\n"), ":3: expected 2 cells, got 1");
  EXPECT_EQ(error("a,b\n1,\"2\n3,4\n"), ":2: expected a closing quote, got the end of the file");
  EXPECT_EQ(error("a\n\"1\"x\n"),
            ":2: expected a comma or the end of the line after a closing quote, got 'x'");
  EXPECT_EQ(error("1,2\n3,4\n"), ":1: expected the names of the columns, got numbers: 1, 2");
  EXPECT_EQ(error("a,b\n"), ": expected a row of column names and rows of values, got 1 rows");
  EXPECT_NE(usage_error_of([] {
              read_csv_column("/no/such.csv:a");
            }).find("--data: cannot read '/no/such.csv'"),
            std::string::npos);
}

TEST(Vocabulary, CountsRareWordsAsUnknown) {
  const Vocabulary all({"b", "a", "b"});
  EXPECT_EQ(all.size(), 3);
  EXPECT_EQ(all.id("a"), 1);
  EXPECT_EQ(all.id("b"), 2);
  EXPECT_EQ(all.id("c"), 0);
  EXPECT_EQ(all.word(0), "<unk>");
  const Vocabulary frequent({"b", "a", "b"}, 2);
  EXPECT_EQ(frequent.size(), 2);
  EXPECT_EQ(frequent.id("a"), 0);
  EXPECT_EQ(frequent.word(frequent.id("b")), "b");
}

}  // namespace
}  // namespace rapt::data
