/* The frame job of ui/pixels.py and ui/mark_rows.py in C, in the same stages row by row, for `make bench` to compare:
 * an unscaled YUV 4:2:0 picture to XRGB8888 with marks and stripes. Its bytes are those of the kernels. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PITCH = 4096, WINDOW = 5, MOST = 1601, BELOW = 25500, HELD = 4 };
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

/* What is kept from row to row while marks are found. */
struct search {
    const uint8_t *y;
    const int16_t *limits;
    const int32_t *spans, *cell_rows, *firsts;
    int rows, columns, cells, next, last, left, behind, spread;
};

static int16_t kept[WINDOW][PITCH + 64], bends[WINDOW][PITCH + 64], total[PITCH], limit[PITCH];

static void begin(struct search *s, int first)
{
    s->left = s->columns, s->behind = 0, s->last = first;
    for (int r = first; r < s->rows && r <= s->last + WINDOW - 1; r++) {
        const int32_t *span = s->spans + 2 * s->cell_rows[r];
        if (!span[1]) continue;
        int left = s->firsts[span[0]], behind = s->firsts[span[1]];
        s->left = left < s->left ? left : s->left, s->behind = behind > s->behind ? behind : s->behind, s->last = r;
    }
    s->next = first - WINDOW / 2;
    s->left = clamp(s->left - WINDOW / 2, 1, s->columns), s->behind = clamp(s->behind + WINDOW / 2, 0, s->columns - 1);
    memset(kept, 0, sizeof kept), memset(total, 0, sizeof total);
}

static void add(const uint8_t *restrict here, const uint8_t *restrict above, const uint8_t *restrict below, int count,
                int16_t *restrict old, int16_t *restrict bend, int16_t *restrict sum)
{
    for (int x = 0; x < count; x++) {
        int16_t lap = here[x - 1] + here[x + 1] + above[x] + below[x] - 4 * here[x];
        int16_t slope = abs(here[x + 1] - here[x - 1]) + abs(below[x] - above[x]);
        int16_t lead = 3 * abs(lap) - 2 * slope, more = lead < MOST ? lead : MOST;
        sum[x] = sum[x] - old[x] + more;
        old[x] = more;
        bend[x] = lap;
    }
}

static void mark(const int16_t *restrict darker, const int16_t *restrict least, const int16_t *restrict t, int count,
                 uint8_t *restrict found)
{
    for (int x = 0; x < count; x++) {
        uint16_t lead = t[x - 2] + t[x - 1] + t[x] + t[x + 1] + t[x + 2] + BELOW;
        int16_t held = darker[x] & (int8_t)found[x];
        found[x] = -(((int16_t)(darker[x] + held) >= least[x]) & (lead > (uint16_t)(BELOW - HELD * held)));
    }
}

static void mark_row(struct search *s, int middle, uint8_t *found)
{
    int cell = s->cells > 1 ? s->cell_rows[middle] : 0;
    const int32_t *span = s->spans + 2 * cell;
    int left = clamp(s->firsts[span[0]], 3, s->columns), behind = clamp(s->firsts[span[1]], 0, s->columns - 3);
    if (middle < 3 || middle >= s->rows - 3 || left >= behind) {
        memset(found, 0, s->columns);
        return;
    }
    if (middle > s->last) begin(s, middle);
    for (; s->next <= middle + WINDOW / 2; s->next++) {
        const uint8_t *here = s->y + (size_t)s->columns * s->next + s->left;
        add(here, here - s->columns, here + s->columns, s->behind - s->left, kept[s->next % WINDOW] + s->left,
            bends[s->next % WINDOW] + s->left, total + s->left);
    }
    if (cell != s->spread) {
        s->spread = cell;
        for (int j = span[0]; j < span[1]; j++)
            for (int x = s->firsts[j]; x < s->firsts[j + 1]; x++) limit[x] = s->limits[(size_t)s->cells * cell + j];
    }
    memset(found, 0, left), memset(found + behind, 0, s->columns - behind);
    mark(bends[middle % WINDOW] + left, limit + left, total + left, behind - left, found + left);
}

void paint(const uint8_t *y, const uint8_t *u, const uint8_t *v, int rows, int columns, const uint8_t *sought,
           const int16_t *limits, int cells, const int32_t *spans, const int32_t *cell_rows, const int32_t *firsts,
           uint32_t colour, const uint8_t *clipped, int clipped_columns, const int32_t *clipped_rows,
           const int32_t *clipped_index, const uint32_t *stripes, int period, int pitch, int phase, uint8_t *marks,
           uint8_t *out)
{
    uint8_t change[6 * PITCH];
    struct search s = {sought, limits, spans, cell_rows, firsts, rows, columns, cells, -1, -1, -1, -1, -1};
    for (int r = 0; r < rows; r++) {
        uint8_t *target = out + 4 * (size_t)columns * r, *found = marks + (size_t)columns * r, any = 0;
        const uint8_t *line = clipped + (size_t)clipped_columns * clipped_rows[r];
        if (!(r & 1)) chroma(u + r / 2 * (columns / 2), v + r / 2 * (columns / 2), columns / 2, change);
        mark_row(&s, r, found);
        compose(y + (size_t)columns * r, change, found, colour, columns, target);
        for (int x = 0; x < clipped_columns; x++) any |= line[x];
        if (any)
            stripe(line, clipped_index, stripes, period, pitch, r & (period - 1), phase, found, columns, (uint32_t *)target);
    }
}
