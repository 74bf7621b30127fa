#!/usr/bin/env bash
# Whether all programs print and write the same bits, whatever compiled them and however many
# threads run them. Builds the examples with every compiler and for every instruction set there is
# here, and in each runs the commands of the documents once and every kind of training on 1, 2, 3
# and 8 threads.
#   bash tests/same_bits.sh [FOLDER]     builds in FOLDER (default build/same_bits); half an hour
set -euo pipefail
source=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "${1:-$source/build/same_bits}"
folder=$(cd "${1:-$source/build/same_bits}" && pwd)

compilers=()
for compiler in g++ clang++; do
  command -v "$compiler" >/dev/null && compilers+=("$compiler")
done
sets=(native)
# x86-64-v3 is AVX2 with fma. (Without fma a product is rounded before it is added: other bits.)
grep -qw fma /proc/cpuinfo && sets+=(x86-64-v3)

# What stands in the documents with what it prints; not the samples, which hold times.
documented() {
  awk '/^```console$/ { getline; sub(/^\$ build\/compare\//, ""); print }' \
    "$source"/README.md "$source"/docs/*.md | sort -u
}
training() {
  echo "compare --task reverse,copy,text --data $source/docs/notation.md --steps 40 --out out"
  echo "compare --task cipher,dates --rate 0.003 --steps 20 --out out --model" \
    "gru-attention,irnn,lstm,seq2seq-additive,seq2seq-dot,tcn,transformer"
  echo "compare --task adding,series,sentiment --model gru,attention --rate 0.003 --steps 20 --out out"
  echo "compare --task sentiment --model pool,bag --rate 0.003 --steps 20 --out out"
  echo "cbam --steps 20"
}

# Runs the command lines from its input, and prints what they print and the tables they leave.
run() {  # build, more flags
  local line scratch=$folder/scratch
  while read -r line; do
    mkdir "$scratch"
    echo "\$ $line"
    (cd "$scratch" && eval "$1/$line ${2:-}" </dev/null 2>errors) || { cat "$scratch/errors" >&2; exit 1; }
    find "$scratch" -name '*.csv' | sort | xargs -r cat
    rm -rf "$scratch"
  done
}

expected=$folder/expected.txt
rm -rf "$expected" "$folder/scratch"
for compiler in "${compilers[@]}"; do
  for set in "${sets[@]}"; do
    build=$folder/$compiler-$set
    cmake -S "$source" -B "$build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER="$compiler" \
      -DRAPT_TESTS=OFF -DRAPT_NATIVE=OFF -DCMAKE_CXX_FLAGS="-march=$set" >/dev/null
    cmake --build "$build" -j "$(nproc)" --target programs >/dev/null
    documented | run "$build" >"$build/documented.txt"
    for threads in 1 2 3 8; do
      training | run "$build" "--untimed --threads $threads" >"$build/training.txt"
      cat "$build"/documented.txt "$build"/training.txt >"$build/all.txt"
      [ -e "$expected" ] || cp "$build/all.txt" "$expected"
      cmp "$expected" "$build/all.txt"
      echo "equal: $compiler, $set, $threads threads, $(wc -l <"$expected") lines"
    done
  done
done
