/* The frame job of ui/pixels.py, ui/mark_rows.py and ui/block_leads.py in C, in the same stages row by row, for
 * `make bench` to compare: an unscaled YUV 4:2:0 picture to XRGB8888 with marks and stripes. Its bytes are those of the
 * kernels. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PITCH = 4096, NEVER = 255 };
enum { RED = 367526, GREEN_U = -90213, GREEN_V = -187206, BLUE = 464519 }; /* BT.601 times 2^18 */

static int clamp(int v, int low, int high) { return v < low ? low : v > high ? high : v; }

static void chroma(const uint8_t *restrict u, const uint8_t *restrict v, int half, uint8_t *restrict change)
{
    uint8_t part[6][PITCH];
    for (int j = 0; j < half; j++) {
        int cb = u[j] - 128, cr = v[j] - 128;
        int red = (((cr * RED + 2048) >> 12) + 32) >> 6;
        int green = (((cb * GREEN_U + 2048) >> 12) + ((cr * GREEN_V + 2048) >> 12) + 32) >> 6;
        int blue = (((cb * BLUE + 2048) >> 12) + 32) >> 6;
        part[0][j] = red > 0 ? red : 0, part[1][j] = red < 0 ? -red : 0;
        part[2][j] = green > 0 ? green : 0, part[3][j] = green < 0 ? -green : 0;
        part[4][j] = blue > 0 ? blue : 0, part[5][j] = blue < 0 ? -blue : 0;
    }
    for (int k = 0; k < 6; k++)
        for (int j = 0; j < half; j++) change[k * PITCH + 2 * j] = change[k * PITCH + 2 * j + 1] = part[k][j];
}

static uint8_t sum(uint8_t y, uint8_t more, uint8_t less)
{
    int up = y + more > 255 ? 255 : y + more;
    return up < less ? 0 : up - less;
}

static void compose(const uint8_t *restrict y, const uint8_t *restrict change, const uint8_t *restrict marks,
                    uint32_t colour, int columns, uint8_t *restrict out)
{
    uint8_t blue = colour, green = colour >> 8, red = colour >> 16;
    for (int x = 0; x < columns; x++) {
        uint8_t mark = marks[x], rest = ~mark;
        out[4 * x] = (sum(y[x], change[4 * PITCH + x], change[5 * PITCH + x]) & rest) | (blue & mark);
        out[4 * x + 1] = (sum(y[x], change[2 * PITCH + x], change[3 * PITCH + x]) & rest) | (green & mark);
        out[4 * x + 2] = (sum(y[x], change[x], change[PITCH + x]) & rest) | (red & mark);
        out[4 * x + 3] = 255;
    }
}

static void stripe(const uint8_t *clipped, const int32_t *index, const uint32_t *stripes, int period, int pitch, int row,
                   int phase, const uint8_t *marks, int columns, uint32_t *out)
{
    for (int x = 0; x < columns; x++) {
        int channels = clipped[index[x]] & 7;
        if (channels && !marks[x]) {
            uint32_t pixel = stripes[(channels * period + row) * pitch + ((x + phase) & (period - 1))];
            if (pixel) out[x] = pixel;
        }
    }
}

/* What is kept from row to row while marks are found. Blocks are of 2 x 2 pixels. */
struct search {
    const uint8_t *y, *limits;
    const int32_t *spans, *cell_rows, *firsts;
    int rows, columns, cells, done, next, last, left, behind, line[2];
};

static int16_t leads[3][PITCH / 2 + 64], eases[3][PITCH / 2 + 64], sums[PITCH / 2 + 64];
static uint8_t dark[4][PITCH], limit[2][PITCH];

static void begin(struct search *s, int first)
{
    int left = s->columns, behind = 0;
    s->last = first;
    for (int b = first; b <= s->last + 2 && 2 * b + 1 < s->rows; b++)
        for (int r = 2 * b; r < 2 * b + 2; r++) {
            const int32_t *span = s->spans + 2 * s->cell_rows[r];
            if (!span[1]) continue;
            left = s->firsts[span[0]] < left ? s->firsts[span[0]] : left, s->last = b;
            behind = s->firsts[span[1]] > behind ? s->firsts[span[1]] : behind;
        }
    s->next = first - 1, s->line[0] = s->line[1] = -1;
    s->left = clamp(left / 2 - 1, 0, left) / 16 * 16;
    s->behind = clamp((behind / 2 + 17) / 16 * 16, 0, s->columns / 2);
}

static int line_of(struct search *s, int cell, int kept)
{
    const int32_t *span = s->spans + 2 * cell;
    int line = s->line[1] == cell;
    if (s->line[line] == cell) return line;
    line = 1 - kept, s->line[line] = cell;
    for (int x = 2 * s->left; x < 2 * s->behind; x++) limit[line][x] = NEVER;
    for (int j = span[0]; j < span[1]; j++)
        for (int x = s->firsts[j]; x < s->firsts[j + 1]; x++) limit[line][x] = s->limits[(size_t)s->cells * cell + j];
    return line;
}

static int16_t bend(const uint8_t *y, int columns)
{
    return y[-1] + y[1] + y[-columns] + y[columns] - 4 * y[0];
}

static int16_t slope(const uint8_t *y, int columns)
{
    return abs(y[1] - y[-1]) + abs(y[columns] - y[-columns]);
}

static uint8_t is_dark(int16_t bend, uint8_t mark, uint8_t limit)
{
    uint8_t size = bend < 0 ? 0 : bend > 255 ? 255 : bend;
    return -((mark ? 2 * size : size) > limit);
}

static void add(const uint8_t *restrict y, int columns, int count, const uint8_t *restrict upper,
                const uint8_t *restrict lower, const uint8_t *restrict marks, int16_t *restrict lead,
                int16_t *restrict ease, uint8_t *restrict dark, uint8_t *restrict below)
{
    const uint8_t *restrict marks_below = marks + columns;
    for (int x = 0; x < count; x++) {
        const uint8_t *at = y + 2 * x;
        int16_t a = bend(at, columns), b = bend(at + 1, columns);
        int16_t c = bend(at + columns, columns), d = bend(at + columns + 1, columns);
        int16_t slopes = slope(at, columns) + slope(at + 1, columns) + slope(at + columns, columns)
                         + slope(at + columns + 1, columns);
        int16_t bends = abs(a) + abs(b) + abs(c) + abs(d);
        uint8_t any = marks[2 * x] | marks[2 * x + 1] | marks_below[2 * x] | marks_below[2 * x + 1];
        lead[x] = 3 * bends - 2 * slopes, ease[x] = 2 * bends & (int8_t)any;
        dark[2 * x] = is_dark(a, marks[2 * x], upper[2 * x]);
        dark[2 * x + 1] = is_dark(b, marks[2 * x + 1], upper[2 * x + 1]);
        below[2 * x] = is_dark(c, marks_below[2 * x], lower[2 * x]);
        below[2 * x + 1] = is_dark(d, marks_below[2 * x + 1], lower[2 * x + 1]);
    }
}

static int16_t stopped(int sum) { return clamp(sum, -32768, 32767); }

static void mark_line(const int16_t *restrict sum, const int16_t *restrict ease, int count,
                      const uint8_t *restrict dark, uint8_t *restrict marks)
{
    for (int x = 0; x < count; x++) {
        uint8_t leads = -(stopped(stopped(stopped(sum[x - 1] + sum[x]) + sum[x + 1]) + ease[x]) > 0);
        marks[2 * x] = dark[2 * x] & leads, marks[2 * x + 1] = dark[2 * x + 1] & leads;
    }
}

static void clear(uint8_t *line, int from, int to) { memset(line + from, 0, to - from); }

/* The marks of the row's block and of the rows that share it, in place of those of the frame before. */
static void mark_row(struct search *s, int row, uint8_t *marks)
{
    int block = row / 2, first = 2 * block, columns = s->columns;
    if (block == s->done) return;
    s->done = block;
    int inside = s->cells > 1 && block >= 2 && block < s->rows / 2 - 2;
    if (!inside || (!s->spans[2 * s->cell_rows[first] + 1] && !s->spans[2 * s->cell_rows[first + 1] + 1])) {
        for (int r = first; r < first + 2 && r < s->rows; r++) clear(marks + (size_t)columns * r, 0, columns);
        return;
    }
    if (block > s->last) begin(s, block);
    int left = s->left, count = s->behind - left;
    for (; s->next <= block + 1; s->next++) {
        int r = 2 * s->next, upper = line_of(s, s->cell_rows[r], 0), lower = line_of(s, s->cell_rows[r + 1], upper);
        size_t at = (size_t)columns * r + 2 * left;
        add(s->y + at, columns, count, limit[upper] + 2 * left, limit[lower] + 2 * left, marks + at,
            leads[s->next % 3] + left, eases[s->next % 3] + left, dark[r & 3] + 2 * left, dark[(r & 3) + 1] + 2 * left);
    }
    const int16_t *a = leads[(block - 1) % 3] + left, *b = leads[block % 3] + left, *c = leads[(block + 1) % 3] + left;
    for (int x = 0; x < count; x++) sums[16 + left + x] = stopped(stopped(a[x] + b[x]) + c[x]);
    int end = 2 * (s->behind < columns / 2 - 2 ? s->behind : columns / 2 - 2);
    for (int r = first; r < first + 2; r++) {
        uint8_t *line = marks + (size_t)columns * r;
        mark_line(sums + 16 + left, eases[block % 3] + left, count, dark[r & 3] + 2 * left, line + 2 * left);
        clear(line, 0, 2 * left > 4 ? 2 * left : 4), clear(line, end, columns);
    }
}

void paint(const uint8_t *y, const uint8_t *u, const uint8_t *v, int rows, int columns, const uint8_t *sought,
           const uint8_t *limits, int cells, const int32_t *spans, const int32_t *cell_rows, const int32_t *firsts,
           uint32_t colour, const uint8_t *clipped, int clipped_columns, const int32_t *clipped_rows,
           const int32_t *clipped_index, const uint32_t *stripes, int period, int pitch, int phase, uint8_t *marks,
           uint8_t *out)
{
    uint8_t change[6 * PITCH];
    struct search s = {sought, limits, spans, cell_rows, firsts, rows, columns, cells, -1, -1, -1, -1, -1, {-1, -1}};
    for (int r = 0; r < rows; r++) {
        uint8_t *target = out + 4 * (size_t)columns * r, *found = marks + (size_t)columns * r, any = 0;
        const uint8_t *line = clipped + (size_t)clipped_columns * clipped_rows[r];
        if (!(r & 1)) chroma(u + r / 2 * (columns / 2), v + r / 2 * (columns / 2), columns / 2, change);
        mark_row(&s, r, marks);
        compose(y + (size_t)columns * r, change, found, colour, columns, target);
        for (int x = 0; x < clipped_columns; x++) any |= line[x];
        if (any)
            stripe(line, clipped_index, stripes, period, pitch, r & (period - 1), phase, found, columns, (uint32_t *)target);
    }
}
