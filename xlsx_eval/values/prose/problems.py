"""Whether a text states a problem."""

from __future__ import annotations

import re

from xlsx_eval.values.prose.clauses import plain

_HEADING = re.compile(
    r"(?:^|(?<=[\n。;]))(?:\(?[一二三四五六七八九十\d]{1,2}[)、.])?(?:(?:存在|主要|面临|突出|发现)的?)*(?:主要)?(?:问题|不足|困难)(?:[及和与、]+(?:其?原因|不足|困难|问题|短板|建议|改进措施))*"
    r"(?:分析|方面)?(?:[:。\n]|$)"
)
_NEXT_HEADING = re.compile(
    r"(?:^|[\n。;])(?:\(?[一二三四五六七八九十\d]{1,2}[)、.])?"
    r"(?:(?:有关|相关|下一步|几点|工作|改进|整改|对策|意见|措施|打算|计划|今后|主要|做法|经验|及|和|与|的)*"
    r"(?:建议|措施|打算|做法|经验|改进意见|对策))"
)
_NONE = re.compile(
    r"[:,\-—/]*(?:(?:目前|暂时?|本项目|该项目|总体|基本上?|均|项目)*"
    r"(?:没有|无|未发现|未出现|不存在|没)(?:明显|重大|突出|任何|其他|较大|存在|发现)*的?(?:问题|不足|困难)?|/+|-+|—+)"
)
_DENIED = re.compile(
    r"(?:未发现|没有发现|未出现|没有出现|未发生|没有发生|不存在|没有任何|无任何|杜绝|避免|防止|消除|破解|解决了?|化解|排除)"
    r"(?!的)[^,。;\n]{0,30}?(?:等)?(?:问题|困难|隐患|现象|不足|风险|难题|情况|行为|矛盾)"
    r"|(?:没有|无)(?:明显|重大|突出|较大|其他)?的?(?:问题|不足|困难)|暂无|问题导向"
)
_TROUBLE = re.compile(
    r"问题|不(?!断|仅|但|同|忘|懈|漏|误|停|松|折不扣|光|只|超|低于|少于)|欠|缺|短板|短少|紧张|有待|亟|滞后|偏|薄弱|难|弱|差|慢|贵|"
    r"较[低少窄小重大高]|过[多大高低长短重紧少]|少(?!数民族)|未[能完达按及建开形充落]|尚[未需]|[还仍]需|需(?:进一步|要)|"
    r"没有(?:完全|及时|形成|建立|得到|达到)|瓶颈|制约|隐患|老化|损坏|破损|风险|矛盾|压力|影响|延[误迟期缓]|推迟|缓慢|"
    r"超支|浪费|闲置|脱节|断层|流失|参差|太|限制|局限|受限|单一|粗放|陈旧|落后|狭窄|分散|兼任|兼职|复杂|频繁|繁重|"
    r"随意|拖欠|失衡|疫情|恶劣|漏洞|空白|走过场|形式化|依赖|等靠要|担忧|顾虑|抵触"
)
_LONGEST_NONE = 20


def states_problem(text: str) -> bool:
    """Whether a text on experience, problems and suggestions states a problem.

    Wide on purpose: only a text that surely states none is said to.
    Example: `存在问题：无。` and `经验：统一采购。建议：继续实施。` state none.
    """
    plain_text = plain(text)
    rest = plain_text
    for match in _HEADING.finditer(plain_text):
        following = plain_text[match.end() :]
        end = _NEXT_HEADING.search(following)
        answer = (following[: end.start()] if end else following).strip("\n。;:,")
        first = re.split(r"[。;\n]", answer, maxsplit=1)[0]
        if answer and not (len(first) <= _LONGEST_NONE and _NONE.match(first)):
            return True
        rest = rest.replace(match[0] + first, "\n")
    rest = _DENIED.sub("", rest)
    return bool(_TROUBLE.search(rest))
