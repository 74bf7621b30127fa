#pragma once
#include <map>
#include <string>
#include <vector>

#include "examples/data/vocabulary.h"
#include "examples/tasks/task.h"

namespace rapt::tasks {

// Sentences with a tag for every word, or with one label that is asked for at the last word.
struct Labelled {
  std::vector<std::string> words;
  std::vector<std::int32_t> answers;  // as many as words, or one
};

// Tasks on sentences of different lengths: padded, with the lengths beside.
class WordTask : public Task {
 public:
  WordTask(data::Vocabulary words, std::vector<std::string> answers, Index longest)
      : words_(std::move(words)), answers_(std::move(answers)), longest_(longest) {}

  Sizes sizes() const override {
    return {words_.size(), static_cast<Index>(answers_.size()), longest_};
  }
  Batch batch(Index size, Split split, Rng& rng) const override;
  std::string symbol(std::int32_t id) const override { return words_.word(id); }
  std::string answer(std::int32_t id) const override {
    return answers_[static_cast<std::size_t>(id)];
  }

 protected:
  virtual Labelled draw(Split split, Rng& rng) const = 0;
  Batch batch_of(const std::vector<Labelled>& sentences) const;

 private:
  data::Vocabulary words_;
  std::vector<std::string> answers_;
  Index longest_;
};

// Sentences of a file, dealt out to the splits by their words.
struct Corpus {
  std::string source;                // "--data words.conll"
  std::vector<std::string> answers;  // by name
  std::map<Split, std::vector<Labelled>> parts;

  std::vector<std::string> training_words() const;  // each as often as it stands there
};

// What is read from a file: words, and the names of their answers.
struct Named {
  std::vector<std::string> words, answers;
};
// Sentences are cut behind `longest` words. UsageError if a split would be empty, or if there are
// not two different answers.
Corpus corpus_of(const std::vector<Named>& sentences, Index longest, const std::string& path);

// Draws from a corpus. A word that stands only once in the training part counts as unknown.
class CorpusTask : public WordTask {
 public:
  CorpusTask(Corpus corpus, Index longest);

 protected:
  Labelled draw(Split split, Rng& rng) const override;
  const std::vector<Labelled>& part(Split split) const { return corpus_.parts.at(split); }

 private:
  Corpus corpus_;
};

}  // namespace rapt::tasks
