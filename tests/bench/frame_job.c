/* The frame job of ui/pixels.py and ui/peaking.py in C, in the same stages row by row, for `make bench` to compare:
 * an unscaled YUV 4:2:0 picture to XRGB8888 with marks and stripes. Its bytes are those of the kernels. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PITCH = 4096, WINDOW = 5 };
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

static void stripe(const uint8_t *clipped, const int32_t *index, const uint32_t *stripes, int period, int row, int phase,
                   const uint8_t *marks, int columns, uint32_t *out)
{
    for (int x = 0; x < columns; x++) {
        int channels = clipped[index[x]] & 7;
        if (channels && !marks[x]) {
            uint32_t pixel = stripes[(channels * period + row) * period + ((x + phase) & (period - 1))];
            if (pixel) out[x] = pixel;
        }
    }
}

void paint(const uint8_t *y, const uint8_t *u, const uint8_t *v, int rows, int columns, const uint8_t *marks,
           uint32_t colour, const uint8_t *clipped, int clipped_columns, const int32_t *clipped_rows,
           const int32_t *clipped_index, const uint32_t *stripes, int period, int phase, uint8_t *out)
{
    uint8_t change[6 * PITCH];
    for (int r = 0; r < rows; r++) {
        uint8_t *target = out + 4 * (size_t)columns * r;
        const uint8_t *line = clipped + (size_t)clipped_columns * clipped_rows[r], *found = marks + (size_t)columns * r;
        uint8_t any = 0;
        if (!(r & 1)) chroma(u + r / 2 * (columns / 2), v + r / 2 * (columns / 2), columns / 2, change);
        compose(y + (size_t)columns * r, change, found, colour, columns, target);
        for (int x = 0; x < clipped_columns; x++) any |= line[x];
        if (any)
            stripe(line, clipped_index, stripes, period, r & (period - 1), phase, found, columns, (uint32_t *)target);
    }
}

static void bend(const uint8_t *restrict here, const uint8_t *restrict above, const uint8_t *restrict below, int count,
                 int16_t *restrict row, uint16_t *restrict total)
{
    for (int x = 0; x < count; x++) {
        int16_t lap = here[x - 1] + here[x + 1] + above[x] + below[x] - 4 * here[x];
        total[x] = total[x] - abs(row[x]) + abs(lap);
        row[x] = lap;
    }
}

static void slope(const uint8_t *restrict here, const uint8_t *restrict above, const uint8_t *restrict below, int count,
                  uint16_t *restrict row, uint16_t *restrict total)
{
    for (int x = 0; x < count; x++) {
        uint16_t gradient = abs(here[x + 1] - here[x - 1]) + abs(below[x] - above[x]);
        total[x] = total[x] - row[x] + gradient;
        row[x] = gradient;
    }
}

static void mark(const int16_t *restrict darker, const int16_t *restrict limit, const uint16_t *restrict b,
                 const uint16_t *restrict s, int count, uint8_t *restrict found)
{
    for (int x = 0; x < count; x++) {
        uint16_t bends = b[x - 2] + b[x - 1] + b[x] + b[x + 1] + b[x + 2];
        uint16_t slopes = s[x - 2] + s[x - 1] + s[x] + s[x + 1] + s[x + 2];
        uint16_t more = slopes > bends ? slopes - bends : 0, twice = 2 * more;
        found[x] = -((darker[x] >= limit[x]) & (bends > twice));
    }
}

void mark_all(const uint8_t *y, int rows, int columns, const int16_t *limits, int cells, const int32_t *spans,
              const int32_t *reach, const int32_t *cell_rows, const int32_t *cell_columns, uint8_t *found)
{
    static int16_t bends[WINDOW][PITCH], limit[PITCH];
    static uint16_t slopes[WINDOW][PITCH], bend_total[PITCH], slope_total[PITCH];
    for (int r = 1; r < rows - 1; r++) {
        int left = clamp(reach[2 * r], 1, columns), behind = clamp(reach[2 * r + 1], 0, columns - 1);
        if (behind - left < WINDOW) continue;
        if (r == 1 || !reach[2 * r - 1]) {
            memset(bends, 0, sizeof bends), memset(slopes, 0, sizeof slopes);
            memset(bend_total, 0, sizeof bend_total), memset(slope_total, 0, sizeof slope_total);
        }
        const uint8_t *here = y + (size_t)columns * r + left;
        bend(here, here - columns, here + columns, behind - left, bends[r % WINDOW] + left, bend_total + left);
        slope(here, here - columns, here + columns, behind - left, slopes[r % WINDOW] + left, slope_total + left);
        int middle = r - WINDOW / 2;
        if (middle < 3) continue;
        const int32_t *span = spans + 2 * cell_rows[middle];
        left = clamp(span[0], 3, columns), behind = clamp(span[1], 0, columns - 3);
        if (middle == 3 || cell_rows[middle] != cell_rows[middle - 1])
            for (int x = left; x < behind; x++) limit[x] = limits[(size_t)cells * cell_rows[middle] + cell_columns[x]];
        if (left < behind)
            mark(bends[middle % WINDOW] + left, limit + left, bend_total + left, slope_total + left, behind - left,
                 found + (size_t)columns * middle + left);
    }
}
