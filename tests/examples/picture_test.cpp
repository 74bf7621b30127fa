// Images with a map over them, or with glimpses: in the terminal, as PPM, as SVG.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "examples/data/pnm.h"
#include "examples/image_tasks/view.h"
#include "examples/report/grid.h"
#include "examples/report/picture.h"
#include "tensor/random.h"
#include "tests/examples/report_checks.h"

namespace rapt::report {
namespace {

const Terminal kPlain, kUtf8{false, false, true, 80}, kColor{true, true, true, 80};

// Four rows of three pixels, and a map of two cells above each other.
const Picture kSmall = {.title = "a title",
                        .image = {4, 3, {0, 1, 0, 0, .5, 0, 0, 1, 0, 1, 1, 1}},
                        .map = {2, 1, {.05, .2}}};

TEST(Picture, StandsBesideItsMap) {
  EXPECT_EQ(draw(kSmall, kPlain),
            "a title\n"
            "|  @@  |::::::|\n"
            "|  ++  |::::::|\n"
            "|  @@  |@@@@@@|\n"
            "|@@@@@@|@@@@@@|\n"
            "0   ..::--==++**##%%@@ 1; of the map: 0.2\n");
  EXPECT_EQ(draw(kSmall, kUtf8),
            "a title\n"
            "│  ██  │░░░░░░│\n"
            "│  ▒▒  │░░░░░░│\n"
            "│  ██  │██████│\n"
            "│██████│██████│\n"
            "0   ░░▒▒▓▓██ 1; of the map: 0.2\n");
}

TEST(Picture, ShowsTwoPixelsInACellWhereThereIsColour) {
  Picture picture = {.image = {3, 2, {0, 1, 1, 0, 1, 1}}};
  const std::string text = draw(picture, kColor);
  EXPECT_EQ(text.substr(0, text.find("\n0 ")),
            "│\x1b[38;5;232;48;5;255m▀\x1b[0m\x1b[38;5;255;48;5;232m▀\x1b[0m│\n"
            "│\x1b[38;5;255;48;5;232m▀\x1b[0m\x1b[38;5;255;48;5;232m▀\x1b[0m│");
  const std::string ascii = draw(picture, {true, true, false, 80});
  EXPECT_EQ(ascii.find("|\x1b[48;5;232m  \x1b[0m\x1b[48;5;255m  \x1b[0m|\n"), 0u) << ascii;
  picture.glimpses = {{2, 1}};
  EXPECT_NE(draw(picture, kColor).find("\x1b[1;38;5;208;48;5;244m1\x1b[0m│\n"), std::string::npos)
      << draw(picture, kColor);
}

TEST(Picture, WithoutAMapIsAlone) {
  EXPECT_EQ(draw({.image = {1, 2, {1, kNaN}}}, kPlain), "|@@??|\n0   ..::--==++**##%%@@ 1\n");
}

TEST(Picture, MarksTheMiddlesOfGlimpses) {
  Picture picture = {.image = {2, 4, {0, 0, 0, 0, 1, 1, 1, 1}}};
  picture.glimpses = {{-0.4, 0}, {1.2, 1.6}, {9, 9}};
  picture.glimpse_size = 3;
  EXPECT_EQ(draw(picture, kPlain),
            "|1       |\n"
            "|@@@@2@3@|\n"
            "0   ..::--==++**##%%@@ 1\n"
            "numbers: middles of the glimpses, of 3 x 3 pixels\n");
}

TEST(Picture, FitsIntoTheTerminal) {
  Picture picture = {.image = {20, 20, std::vector<double>(400, 1)}};
  picture.map = picture.image;
  const auto widest = [&](int width) {
    std::istringstream lines(draw(picture, {false, false, false, width}));
    std::size_t cells = 0;
    for (std::string line; std::getline(lines, line) && line[0] == '|';)
      cells = std::max(cells, line.size());
    return cells;
  };
  EXPECT_EQ(widest(83), 83u);
  EXPECT_EQ(widest(82), 43u);
  EXPECT_EQ(widest(43), 43u);
  EXPECT_EQ(widest(42), 23u) << "averages of 2 x 2";
  EXPECT_EQ(widest(22), 17u) << "averages of 3 x 3";
  EXPECT_EQ(widest(1), 5u);
  EXPECT_NE(draw(picture, {false, false, false, 42})
                .find("(averages of 2 x 2 pixels: the image is 20 wide)\n"),
            std::string::npos);
  EXPECT_EQ(draw(picture, kPlain).find("averages"), std::string::npos);
}

TEST(Grid, AveragesBlocks) {
  const Grid grid{3, 3, {0, 2, 5, 4, 6, 7, 1, 3, 9}};
  const Grid small = averaged(grid, 2);
  EXPECT_EQ(small.rows, 2);
  EXPECT_EQ(small.columns, 2);
  EXPECT_EQ(small.values, (std::vector<double>{3, 6, 2, 9}));
  EXPECT_EQ(averaged(grid, 1).values, grid.values);
}

TEST(Grid, CellsOfTheMapCoverTheirShareOfThePixels) {
  const Picture picture = {.image = {5, 1, std::vector<double>(5)}, .map = {2, 1, {1, 4}}};
  EXPECT_EQ(map_at_pixels(picture).values, (std::vector<double>{.25, .25, .25, 1, 1}));
  const Picture absolute = {
      .image = {1, 4, std::vector<double>(4)}, .map = {1, 4, {1, -1, 9, kInfinity}}, .full = 2};
  EXPECT_EQ(map_at_pixels(absolute).values, (std::vector<double>{.5, 0, 1, 1}));
  const Picture nothing = {.image = {1, 2, {0, 0}}, .map = {1, 2, {0, 0}}};
  EXPECT_EQ(map_at_pixels(nothing).values, (std::vector<double>{0, 0}));
}

TEST(Picture, PpmHasTheMapInRedOverIt) {
  const Tensor image = data::decode_pnm(ppm(kSmall, 2), "picture");
  EXPECT_EQ(image.shape(), (Shape{3, 8, 6}));
  const auto rgb = [&](Index y, Index x) {
    std::vector<long> color;
    for (Index c = 0; c < 3; ++c) color.push_back(std::lround(255 * image.at({c, y, x})));
    return color;
  };
  using Rgb = std::vector<long>;
  EXPECT_EQ(rgb(0, 0), (Rgb{45, 0, 0})) << "0.7 of a quarter";
  EXPECT_EQ(rgb(1, 3), (Rgb{255, 210, 210}));
  EXPECT_EQ(rgb(4, 0), (Rgb{179, 0, 0}));
  EXPECT_EQ(rgb(7, 5), (Rgb{255, 77, 77}));
  const Picture gray = {.image = {1, 3, {.2, kNaN, 7}}};
  EXPECT_EQ(data::decode_pnm(ppm(gray, 1), "picture").values(),
            (std::vector<Scalar>{Scalar(.2), 0, 1, Scalar(.2), 0, 1, Scalar(.2), 0, 1}));
}

TEST(Picture, PpmFramesHaveAsManyNotchesAsTheirNumber) {
  Picture picture = {.image = {9, 9, std::vector<double>(81)}};
  picture.glimpses = {{4, 4}, {4, 4}, {-20, 0}, {4, 4}};
  picture.glimpse_size = 5;
  const auto yellow_in = [&](Index y, std::size_t glimpses) {
    Picture some = picture;
    some.glimpses.resize(glimpses);
    std::string row;
    const Tensor image = data::decode_pnm(ppm(some, 4), "picture");
    for (Index x = 0; x < 36; ++x) row += image.at({1, y, x}) > 0.5 ? '#' : '.';
    return row;
  };
  EXPECT_EQ(yellow_in(7, 1), std::string(36, '.'));
  EXPECT_EQ(yellow_in(8, 1), std::string(8, '.') + std::string(20, '#') + std::string(8, '.'));
  EXPECT_EQ(yellow_in(27, 1), yellow_in(8, 1));
  EXPECT_EQ(yellow_in(9, 1), "........#.#................#........");
  EXPECT_EQ(yellow_in(9, 2), "........#.#..#.............#........");
  EXPECT_EQ(yellow_in(9, 3), yellow_in(9, 2)) << "the third lies outside";
  EXPECT_EQ(yellow_in(9, 4), "........#.#..#..#..#.......#........");
  EXPECT_EQ(yellow_in(20, 4), "........#..................#........");
}

TEST(Picture, SvgHasAPathForEachLevel) {
  EXPECT_EQ(svg({{.title = "a < b & c", .image = {2, 3, {1, 1, 0, 0, .2, 1}}, .map = {1, 1, {1}}}},
                1, 10),
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 96 66\" width=\"96\" "
            "height=\"66\" font-family=\"sans-serif\" font-size=\"14\">\n"
            "<rect width=\"96\" height=\"66\" fill=\"white\"/>\n"
            "<text x=\"12\" y=\"26\">a &lt; b &amp; c</text>\n"
            "<g transform=\"translate(12 34) scale(10)\" shape-rendering=\"crispEdges\">\n"
            "<rect width=\"3\" height=\"2\"/>\n"
            "<path d=\"M1 1.5h1\" stroke=\"rgb(51,51,51)\"/>\n"
            "<path d=\"M0 0.5h2M2 1.5h1\" stroke=\"rgb(255,255,255)\"/>\n"
            "<path d=\"M0 0.5h3M0 1.5h3\" stroke=\"red\" stroke-opacity=\"0.70\"/>\n"
            "</g>\n"
            "</svg>\n");
}

TEST(Picture, SvgIsSmallAndNumbersItsFrames) {
  Rng rng(1);
  std::vector<Picture> pictures(4);
  for (Picture& picture : pictures) {
    picture = {.title = "8 of 9", .image = {20, 20, {}}};
    for (int i = 0; i < 400; ++i) picture.image.values.push_back(rng.uniform());
    picture.map = picture.image;
    picture.glimpses = {{3, 3}, {10, 10}, {30, 30}};
    picture.glimpse_size = 7;
  }
  const std::string text = svg(pictures);
  EXPECT_LT(text.size(), 40000u);
  EXPECT_NE(text.find("<rect x=\"56\" y=\"56\" width=\"56\" height=\"56\" fill=\"none\""),
            std::string::npos);
  EXPECT_NE(text.find(">2</text>"), std::string::npos);
  EXPECT_EQ(text.find(">3</text>"), std::string::npos) << "the third lies outside";
  Picture large = {.image = {256, 256, {}}};
  for (int i = 0; i < 256 * 256; ++i) large.image.values.push_back(rng.uniform());
  large.map = large.image;
  EXPECT_LT(svg({large}).size(), 40000u);
}

TEST(Picture, RefusesSizesThatDoNotFit) {
  const auto error = [](const Picture& picture) {
    return message_of([&] { draw(picture, kPlain); });
  };
  EXPECT_EQ(error({}),
            "picture: expected an image of 1 to 1024 rows and columns, got 0 rows x 0 columns");
  EXPECT_EQ(error({.image = {1025, 1, {}}}),
            "picture: expected an image of 1 to 1024 rows and columns, got 1025 rows x 1 columns");
  EXPECT_EQ(error({.image = {2, 2, {1}}}),
            "picture: expected 4 values for an image of 2 rows x 2 columns, got 1");
  EXPECT_EQ(error({.image = {1, 1, {1}}, .map = {1, 0, {}}}),
            "picture: expected a map of 1 to 1024 rows and columns, got 1 rows x 0 columns");
  EXPECT_EQ(error({.image = {1, 2, {1, 1}}, .map = {1, 2, {1}}}),
            "picture: expected 2 values for a map of 1 rows x 2 columns, got 1");
  EXPECT_EQ(error({.image = {2, 1, {1, 1}}, .map = {1, 2, {1, 1}}}),
            "picture: expected a map no finer than the image of 2 rows x 1 columns, got 1 rows x 2 "
            "columns");
  EXPECT_EQ(error({.image = {1, 1, {1}}, .full = -1}), "picture: expected full >= 0, got -1");
  EXPECT_EQ(error({.image = {1, 1, {1}}, .full = kNaN}), "picture: expected full >= 0, got nan");
  EXPECT_EQ(error({.image = {1, 1, {1}}, .glimpses = std::vector<Glimpse>(10)}),
            "picture: expected at most 9 glimpses, got 10");
  EXPECT_EQ(error({.image = {1, 1, {1}}, .glimpses = {{kNaN, 0}}}),
            "picture: expected glimpses near the image of 1 rows x 1 columns, got one at (nan, 0)");
  EXPECT_EQ(error({.image = {1, 1, {1}}, .glimpse_size = 0}),
            "picture: expected glimpses of 1 to 1024 pixels, got 0");
  EXPECT_EQ(message_of([] { ppm(kSmall, 0); }), "picture: expected a scale of 1 to 64, got 0");
  EXPECT_EQ(message_of([] { svg({kSmall}, 1, 65); }),
            "picture: expected a scale of 1 to 64, got 65");
  EXPECT_EQ(message_of([] {
              ppm({.image = {1, 1024, std::vector<double>(1024)}}, 5);
            }),
            "picture: expected at most 4096 pixels in a row or column, got 5120");
  EXPECT_EQ(message_of([] { svg({}); }),
            "picture: expected at least one picture and one column, got 0 and 4");
}

TEST(View, TakesTensorsApart) {
  const Tensor images({2, 2, 1, 3}, {0, 0, 0, 0, 0, 0, 1, 2, 3, 5, 6, 9});
  const Grid channel = image_tasks::channel_of(images, 1, 1);
  EXPECT_EQ(channel.rows, 1);
  EXPECT_EQ(channel.columns, 3);
  EXPECT_EQ(channel.values, (std::vector<double>{5, 6, 9}));
  EXPECT_EQ(image_tasks::gray_of(images, 1).values, (std::vector<double>{3, 4, 6}));
  const Grid map = image_tasks::map_of(Tensor({2, 2, 1}, {1, 2, 3, 4}), 1);
  EXPECT_EQ(map.rows, 2);
  EXPECT_EQ(map.values, (std::vector<double>{3, 4}));
  const Tensor centres({2, 2}, {Scalar(-0.1), Scalar(0.1), -1, 1});
  const Glimpse glimpse = image_tasks::glimpse_of(centres, 1, Grid{5, 9, {}});
  EXPECT_EQ(glimpse.y, 0);
  EXPECT_EQ(glimpse.x, 8);
  const Glimpse between = image_tasks::glimpse_of(centres, 0, Grid{5, 9, {}});  // 1.8 and 4.4
  EXPECT_EQ(between.y, 2);
  EXPECT_EQ(between.x, 4);
}

}  // namespace
}  // namespace rapt::report
