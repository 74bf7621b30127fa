#include "examples/tasks/word_task.h"

#include <algorithm>
#include <set>

#include "examples/report/program.h"
#include "examples/tasks/patterns.h"
#include "examples/tasks/split.h"

namespace rapt::tasks {

Batch WordTask::batch(Index size, Split split, Rng& rng) const {
  std::vector<Labelled> sentences;
  for (Index b = 0; b < size; ++b) sentences.push_back(draw(split, rng));
  return batch_of(sentences);
}

Batch WordTask::batch_of(const std::vector<Labelled>& sentences) const {
  std::size_t longest = 0;
  for (const Labelled& sentence : sentences) longest = std::max(longest, sentence.words.size());
  const Shape shape{static_cast<Index>(sentences.size()), static_cast<Index>(longest)};
  Batch batch{.inputs = {shape, {}}, .targets = {shape, {}}};
  for (const Labelled& sentence : sentences) {
    const std::size_t unasked = sentence.words.size() - sentence.answers.size();
    const std::size_t padding = longest - sentence.words.size();
    std::vector<std::int32_t>& inputs = batch.inputs.values;
    std::vector<std::int32_t>& targets = batch.targets.values;
    for (const std::string& word : sentence.words) inputs.push_back(words_.id(word));
    inputs.insert(inputs.end(), padding, 0);
    targets.insert(targets.end(), unasked, nn::kIgnored);
    targets.insert(targets.end(), sentence.answers.begin(), sentence.answers.end());
    targets.insert(targets.end(), padding, nn::kIgnored);
    batch.lengths.push_back(static_cast<Index>(sentence.words.size()));
  }
  return batch;
}

std::vector<std::string> Corpus::training_words() const {
  std::vector<std::string> words;
  for (const Labelled& sentence : parts.at(Split::training))
    words.insert(words.end(), sentence.words.begin(), sentence.words.end());
  return words;
}

Corpus corpus_of(const std::vector<Named>& sentences, Index longest, const std::string& path) {
  Corpus corpus{
      "--data " + path, {}, {{Split::training, {}}, {Split::validation, {}}, {Split::test, {}}}};
  std::set<std::string> names;
  for (const Named& sentence : sentences)
    names.insert(sentence.answers.begin(), sentence.answers.end());
  corpus.answers.assign(names.begin(), names.end());
  if (names.size() < 2)
    throw report::UsageError(
        message(corpus.source, ": expected at least 2 different answers, got ", names.size()));
  const auto most = static_cast<std::size_t>(longest);
  for (const Named& sentence : sentences) {
    Labelled labelled{sentence.words, {}};
    for (const std::string& name : sentence.answers)
      labelled.answers.push_back(static_cast<std::int32_t>(
          std::lower_bound(corpus.answers.begin(), corpus.answers.end(), name) -
          corpus.answers.begin()));
    if (labelled.words.size() > most) labelled.words.resize(most);
    if (labelled.answers.size() > most) labelled.answers.resize(most);
    const Split split = split_of(joined(labelled.words));
    corpus.parts[split].push_back(std::move(labelled));
  }
  for (const auto& [split, part] : corpus.parts)
    if (part.empty())
      throw report::UsageError(message(corpus.source,
                                       ": expected sentences enough for training, validation and "
                                       "test (8 : 1 : 1), got ",
                                       sentences.size()));
  return corpus;
}

CorpusTask::CorpusTask(Corpus corpus, Index longest)
    : WordTask(data::Vocabulary(corpus.training_words(), 2), corpus.answers, longest),
      corpus_(std::move(corpus)) {}

Labelled CorpusTask::draw(Split split, Rng& rng) const {
  const std::vector<Labelled>& sentences = part(split);
  return sentences[static_cast<std::size_t>(rng.below(static_cast<Index>(sentences.size())))];
}

}  // namespace rapt::tasks
