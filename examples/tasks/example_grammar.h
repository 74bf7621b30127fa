#pragma once
#include "examples/tasks/template_grammar.h"

namespace rapt::tasks {

// Sentences such as "the young dogs near the child see a bird. ": a subject, perhaps with phrases
// behind it, and a verb that agrees with the subject, not with the nouns in between.
TemplateGrammar example_grammar();

}  // namespace rapt::tasks
