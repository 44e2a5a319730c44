// In place of the 34 MB of locales that a statically linked Foundation brings, and that nothing here asks for: the table
// of contents of none, as ICU's own stubdata.cpp has it. `Scripts/wheel` defines the symbol's name.
#ifdef BANDIT_LOCALES
__attribute__((aligned(16))) const struct {
  unsigned short size;
  unsigned char magic[2];
  unsigned short information_size, reserved;
  unsigned char layout[4], format[4], versions[8], padding[8];
  unsigned count, unused;
  int names[4];
} BANDIT_LOCALES = {32, {0xda, 0x27}, 20, 0, {0, 0, 2, 0}, {'T', 'o', 'C', 'P'}, {1}, {0}, 0, 0, {0}};
#endif
