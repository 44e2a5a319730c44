// Deflate (RFC 1951) in one pass for lines that resemble each other, such as logs: faster than zlib's first level, at its
// size. Only repetitions of eight bytes and more are looked for, each in one place: shorter ones are chance among digits,
// and cost more time than they save bytes.
#include <string.h>

#include "CBanditKernels.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "deflate.c is written for processors that keep the lowest byte first"
#endif

enum {
  hash_bits = 12,
  window = 32768,
  shortest = 8,
  longest = 258,
  literal_codes = 286,
  distance_codes = 30,
  length_codes = 19,
  end_of_block = 256,
  block_tokens = 1 << 15,
};

typedef struct {
  uint16_t bits;  // in the order in which they are written
  uint8_t length;
} prefix_code;

// Where output goes. Eight bytes are stored at a time, of which the next store overwrites what is not full yet.
typedef struct {
  uint8_t *end;
  uint64_t bits;
  int count;
} writer;

typedef struct {
  // The last place of what has this hash, counted from `window` + 1.
  uint32_t places[1 << hash_bits];
  // A literal is its byte, a repetition its length above its distance.
  uint32_t tokens[block_tokens];
  int count;
  uint32_t literals[literal_codes], distances[distance_codes];
  writer out;
} deflation;

static const uint16_t length_base[29] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                         31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
static const uint8_t length_extra[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                         2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};

size_t bandit_deflate_workspace(void) { return sizeof(deflation); }

// No code of a token is longer on average than nine bits for each byte; a block's own table is below 400 bytes.
size_t bandit_deflate_bound(size_t count) { return count + count / 4 + 1024; }

// The first `shortest` bytes.
static inline uint64_t load(const uint8_t *from) {
  uint64_t value;
  memcpy(&value, from, sizeof value);
  return value;
}

static inline uint32_t hash(uint64_t beginning) {
  return (uint32_t)((beginning * 0x9E3779B185EBCA87u) >> (64 - hash_bits));
}

static inline void put(writer *out, uint64_t bits, int count) {
  out->bits |= bits << out->count;
  out->count += count;
}

// Stores whole bytes; up to seven bits stay.
static inline void drain(writer *out) {
  memcpy(out->end, &out->bits, sizeof out->bits);
  out->end += out->count >> 3;
  out->bits >>= out->count & ~7;
  out->count &= 7;
}

static inline int length_code(int length) {
  if (length == longest) return 28;
  const int rest = length - 3;
  if (rest < 8) return rest;
  const int top = 31 - __builtin_clz((unsigned)rest);
  return 4 * (top - 1) + ((rest >> (top - 2)) & 3);
}

static inline int distance_code(uint32_t distance, int *extra, uint32_t *rest) {
  const uint32_t before = distance - 1;
  *extra = 0;
  *rest = 0;
  if (before < 4) return (int)before;
  const int top = 31 - __builtin_clz(before);
  *extra = top - 1;
  *rest = before & ((1u << (top - 1)) - 1);
  return 2 * top + (int)((before >> (top - 1)) & 1);
}

// Sorts symbols by how often they come, rarest first.
static void sort(uint16_t *symbols, int count, const uint32_t *frequencies) {
  for (int gap = 121; gap > 0; gap /= 3) {
    for (int i = gap; i < count; i++) {
      const uint16_t symbol = symbols[i];
      int j = i;
      for (; j >= gap && frequencies[symbols[j - gap]] > frequencies[symbol]; j -= gap) symbols[j] = symbols[j - gap];
      symbols[j] = symbol;
    }
  }
}

// How many symbols have a code of each length in Huffman's tree over sorted weights; lengths above a limit are cut to it,
// and codes lengthened until all fit.
static void count_lengths(uint32_t *weights, int used, int limit, int *counts) {
  uint16_t parents[2 * literal_codes];
  uint8_t depths[2 * literal_codes];
  int leaf = 0, inner = used, next = used;
  for (; next < 2 * used - 1; next++) {
    weights[next] = 0;
    for (int child = 0; child < 2; child++) {
      const bool takes_leaf = leaf < used && (inner >= next || weights[leaf] <= weights[inner]);
      const int taken = takes_leaf ? leaf++ : inner++;
      weights[next] += weights[taken];
      parents[taken] = (uint16_t)next;
    }
  }
  depths[next - 1] = 0;
  for (int node = next - 2; node >= 0; node--) {
    depths[node] = (uint8_t)(depths[parents[node]] + 1);
    if (node < used) counts[depths[node] < limit ? depths[node] : limit]++;
  }
  uint32_t total = 0;
  for (int length = 1; length <= limit; length++) total += (uint32_t)counts[length] << (limit - length);
  for (; total > 1u << limit; total--) {
    int length = limit - 1;
    while (counts[length] == 0) length--;
    counts[length]--;
    counts[length + 1] += 2;
    counts[limit]--;
  }
}

// The lengths of a prefix code; 0 for symbols that do not come.
static void choose_lengths(const uint32_t *frequencies, int count, int limit, uint8_t *lengths) {
  uint16_t symbols[literal_codes];
  uint32_t weights[2 * literal_codes];
  int used = 0, counts[16] = {0};
  memset(lengths, 0, (size_t)count);
  for (int symbol = 0; symbol < count; symbol++) {
    if (frequencies[symbol] > 0) symbols[used++] = (uint16_t)symbol;
  }
  if (used < 2) {
    lengths[used == 0 ? 0 : symbols[0]] = 1;
    return;
  }
  sort(symbols, used, frequencies);
  for (int i = 0; i < used; i++) weights[i] = frequencies[symbols[i]];
  count_lengths(weights, used, limit, counts);
  int place = 0;
  for (int length = limit; length > 0; length--) {
    for (int i = 0; i < counts[length]; i++) lengths[symbols[place++]] = (uint8_t)length;
  }
}

// The canonical code of given lengths.
static void assign_codes(const uint8_t *lengths, int count, prefix_code *codes) {
  uint16_t counts[16] = {0}, next[16] = {0};
  for (int symbol = 0; symbol < count; symbol++) counts[lengths[symbol]]++;
  counts[0] = 0;
  for (int length = 1; length < 16; length++) next[length] = (uint16_t)((next[length - 1] + counts[length - 1]) << 1);
  for (int symbol = 0; symbol < count; symbol++) {
    const int length = lengths[symbol];
    const unsigned code = length > 0 ? next[length]++ : 0;
    unsigned reversed = 0;
    for (int bit = 0; bit < length; bit++) reversed |= ((code >> bit) & 1) << (length - 1 - bit);
    codes[symbol] = (prefix_code){(uint16_t)reversed, (uint8_t)length};
  }
}

static inline void put_code(writer *out, prefix_code code) { put(out, code.bits, code.length); }

// Writes the lengths of both codes as a block begins with them: runs of zeros by their length, all others one by one.
static void put_lengths(writer *out, const uint8_t *lengths) {
  static const uint8_t order[length_codes] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  const int all = literal_codes + distance_codes;
  uint8_t symbols[literal_codes + distance_codes], runs[literal_codes + distance_codes];
  uint32_t frequencies[length_codes] = {0};
  int count = 0;
  for (int i = 0; i < all; count++) {
    int run = 0;
    while (run < 138 && i + run < all && lengths[i + run] == 0) run++;
    symbols[count] = run < 3 ? lengths[i] : run < 11 ? 17 : 18;
    runs[count] = (uint8_t)(run < 11 ? run - 3 : run - 11);
    i += run < 3 ? 1 : run;
    frequencies[symbols[count]]++;
  }
  uint8_t own[length_codes];
  prefix_code codes[length_codes];
  choose_lengths(frequencies, length_codes, 7, own);
  assign_codes(own, length_codes, codes);
  put(out, literal_codes - 257, 5);
  put(out, distance_codes - 1, 5);
  put(out, length_codes - 4, 4);
  drain(out);
  for (int i = 0; i < length_codes; i++) {
    put(out, own[order[i]], 3);
    drain(out);
  }
  for (int i = 0; i < count; i++) {
    put_code(out, codes[symbols[i]]);
    if (symbols[i] > 16) put(out, runs[i], symbols[i] == 17 ? 3 : 7);
    drain(out);
  }
}

static void put_tokens(writer *to, const uint32_t *tokens, int count, const prefix_code *literals,
                       const prefix_code *distances) {
  writer out = *to;
  for (int i = 0; i < count; i++) {
    const uint32_t token = tokens[i];
    if (token <= end_of_block) {
      put_code(&out, literals[token]);
      if (out.count > 32) drain(&out);
      continue;
    }
    drain(&out);
    const int length = (int)(token >> 16), code = length_code(length);
    put_code(&out, literals[end_of_block + 1 + code]);
    put(&out, (uint64_t)(length - length_base[code]), length_extra[code]);
    int extra;
    uint32_t rest;
    put_code(&out, distances[distance_code(token & 0xffff, &extra, &rest)]);
    put(&out, rest, extra);
    drain(&out);
  }
  drain(&out);
  *to = out;
}

// Writes the tokens that have come together as a block with codes of its own.
static void put_block(deflation *state, bool is_last) {
  uint8_t lengths[literal_codes + distance_codes];
  prefix_code literals[literal_codes], distances[distance_codes];
  state->tokens[state->count++] = end_of_block;
  state->literals[end_of_block] = 1;
  choose_lengths(state->literals, literal_codes, 15, lengths);
  choose_lengths(state->distances, distance_codes, 15, lengths + literal_codes);
  assign_codes(lengths, literal_codes, literals);
  assign_codes(lengths + literal_codes, distance_codes, distances);
  put(&state->out, is_last, 1);
  put(&state->out, 2, 2);
  put_lengths(&state->out, lengths);
  put_tokens(&state->out, state->tokens, state->count, literals, distances);
  state->count = 0;
  memset(state->literals, 0, sizeof state->literals);
  memset(state->distances, 0, sizeof state->distances);
}

static inline void add(deflation *state, uint32_t token) {
  state->tokens[state->count++] = token;
  // The last place is the end's.
  if (state->count == block_tokens - 1) put_block(state, false);
}

static inline void add_literal(deflation *state, uint8_t byte) {
  state->literals[byte]++;
  add(state, byte);
}

static inline void add_repetition(deflation *state, int length, uint32_t distance) {
  int extra;
  uint32_t rest;
  state->literals[end_of_block + 1 + length_code(length)]++;
  state->distances[distance_code(distance, &extra, &rest)]++;
  add(state, (uint32_t)length << 16 | distance);
}

static inline int equal_bytes(const uint8_t *one, const uint8_t *other) {
  for (int length = shortest; length < longest; length += 8) {
    const uint64_t difference = load(one + length) ^ load(other + length);
    if (difference == 0) continue;
    const int equal = length + (__builtin_ctzll(difference) >> 3);
    return equal < longest ? equal : longest;
  }
  return longest;
}

size_t bandit_deflate(const uint8_t *bytes, size_t count, uint8_t *out, void *workspace) {
  deflation *state = workspace;
  memset(state->places, 0, sizeof state->places);
  memset(state->literals, 0, sizeof state->literals);
  memset(state->distances, 0, sizeof state->distances);
  state->count = 0;
  state->out = (writer){out, 0, 0};
  size_t i = 0;
  // Within `longest` + 16 of the end all loads are of bytes that are there.
  while (i + longest + 16 < count) {
    const uint64_t here = load(bytes + i);
    const uint32_t place = (uint32_t)i + window + 1, slot = hash(here), distance = place - state->places[slot];
    state->places[slot] = place;
    if (distance > window || load(bytes + i - distance) != here) {
      add_literal(state, bytes[i++]);
      continue;
    }
    const int length = equal_bytes(bytes + i, bytes + i - distance);
    add_repetition(state, length, distance);
    // What begins one byte later, and two before the end, may be what repeats next.
    state->places[hash(load(bytes + i + 1))] = place + 1;
    i += (size_t)length;
    state->places[hash(load(bytes + i - 2))] = (uint32_t)i + window - 1;
  }
  for (; i < count; i++) add_literal(state, bytes[i]);
  put_block(state, true);
  if (state->out.count > 0) *state->out.end++ = (uint8_t)state->out.bits;
  return (size_t)(state->out.end - out);
}
