"""The 34 provinces of China under every usual name, and the seven regions (with 港澳台 apart) that people speak of.

Names: full (浙江省), short (浙江), one-character (浙), English, the English in capitals and small letters, and the two-letter
codes of ISO 3166-2:CN, which shops such as Shopify deliver as `province_code` (they write YZ for Tibet)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_REGIONS: dict[str, tuple[str, str]] = {
    "华北": ("North China", "北京 天津 河北 山西 内蒙古"),
    "东北": ("Northeast China", "辽宁 吉林 黑龙江"),
    "华东": ("East China", "上海 江苏 浙江 安徽 福建 江西 山东"),
    "华中": ("Central China", "河南 湖北 湖南"),
    "华南": ("South China", "广东 广西 海南"),
    "西南": ("Southwest China", "重庆 四川 贵州 云南 西藏"),
    "西北": ("Northwest China", "陕西 甘肃 青海 宁夏 新疆"),
    "港澳台": ("Hong Kong, Macao and Taiwan", "香港 澳门 台湾"),
}

# short: other Chinese names / English names / codes
_PROVINCES = """
北京: 北京市 京 / Beijing, Peking / BJ
天津: 天津市 津 / Tianjin / TJ
河北: 河北省 冀 / Hebei / HE
山西: 山西省 晋 / Shanxi / SX
内蒙古: 内蒙古自治区 内蒙 蒙 / Inner Mongolia, Nei Mongol, Neimenggu / NM
辽宁: 辽宁省 辽 / Liaoning / LN
吉林: 吉林省 吉 / Jilin / JL
黑龙江: 黑龙江省 黑 / Heilongjiang / HL
上海: 上海市 沪 申 / Shanghai / SH
江苏: 江苏省 苏 / Jiangsu / JS
浙江: 浙江省 浙 / Zhejiang / ZJ
安徽: 安徽省 皖 / Anhui / AH
福建: 福建省 闽 / Fujian / FJ
江西: 江西省 赣 / Jiangxi / JX
山东: 山东省 鲁 / Shandong / SD
河南: 河南省 豫 / Henan / HA
湖北: 湖北省 鄂 / Hubei / HB
湖南: 湖南省 湘 / Hunan / HN
广东: 广东省 粤 / Guangdong / GD
广西: 广西壮族自治区 桂 / Guangxi, Guangxi Zhuang / GX
海南: 海南省 琼 / Hainan / HI
重庆: 重庆市 渝 / Chongqing / CQ
四川: 四川省 川 蜀 / Sichuan / SC
贵州: 贵州省 贵 黔 / Guizhou / GZ
云南: 云南省 云 滇 / Yunnan / YN
西藏: 西藏自治区 藏 / Xizang, Tibet / XZ YZ
陕西: 陕西省 陕 秦 / Shaanxi / SN
甘肃: 甘肃省 甘 陇 / Gansu / GS
青海: 青海省 青 / Qinghai / QH
宁夏: 宁夏回族自治区 宁 / Ningxia, Ningxia Hui / NX
新疆: 新疆维吾尔自治区 新 / Xinjiang, Xinjiang Uygur, Xinjiang Uyghur / XJ
香港: 香港特别行政区 港 / Hong Kong, Hongkong / HK
澳门: 澳门特别行政区 澳 / Macao, Macau / MO
台湾: 台湾省 台 / Taiwan / TW
"""


def _read() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in _PROVINCES.strip().splitlines():
        name, rest = line.split(": ")
        chinese, english, codes = rest.split(" / ")
        spelled = [word for each in english.split(", ") for word in (each, each.lower(), each.upper())]
        code_forms = [form for code in codes.split() for form in (code, code.lower(), f"CN-{code}")]
        found[name] = frozenset({name, *chinese.split(), *spelled, *code_forms})
    return found


PROVINCES: Mapping[str, frozenset[str]] = MappingProxyType(_read())
REGIONS: Mapping[str, tuple[str, ...]] = MappingProxyType({name: tuple(of.split()) for name, (_, of) in _REGIONS.items()})
REGION_TITLES: Mapping[str, str] = MappingProxyType({name: english for name, (english, _) in _REGIONS.items()})
_BY_NAME: Mapping[str, str] = MappingProxyType({alias: name for name, names in PROVINCES.items() for alias in names})


def province(text: str) -> str | None:
    """The short Chinese name of a province given under any usual name (`Zhejiang`, `ZJ`, `浙江省`); None if it is none."""
    word = text.strip()
    return _BY_NAME.get(word) or _BY_NAME.get(word.lower())


def names_in(region: str) -> frozenset[str] | None:
    """Every name of every province in a region (or of one province); None if there is no such region."""
    if region in REGIONS:
        return frozenset().union(*(PROVINCES[each] for each in REGIONS[region]))
    one = province(region)
    return PROVINCES[one] if one else None
